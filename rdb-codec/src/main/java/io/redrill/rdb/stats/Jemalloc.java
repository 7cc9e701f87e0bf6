package io.redrill.rdb.stats;

/// How many bytes jemalloc sets aside for an allocation: four sizes between each power of two and
/// the next, and below that multiples of a quantum.
public final class Jemalloc {
  /// As Redis builds its own copy: small sizes go by 8 bytes.
  public static final Jemalloc BUNDLED = new Jemalloc(8);

  /// As distributions build it, some of which link the server to it: small sizes go by 16 bytes.
  public static final Jemalloc SYSTEM = new Jemalloc(16);

  private static final int SMALL_BYTES = 2048;

  private final int quantum;
  private final short[] small = new short[SMALL_BYTES + 1];

  private Jemalloc(int quantum) {
    this.quantum = quantum;
    for (int i = 0; i <= SMALL_BYTES; i++) {
      small[i] = (short) classOf(i);
    }
  }

  /// What an allocation of `bytes` takes.
  long usable(long bytes) {
    return bytes <= SMALL_BYTES ? small[(int) bytes] : classOf(bytes);
  }

  private long classOf(long bytes) {
    if (bytes <= 8) {
      return 8;
    }
    int power = 64 - Long.numberOfLeadingZeros(bytes - 1);
    long step = Math.max(quantum, power > 3 ? 1L << (power - 3) : 1);
    return (bytes + step - 1) / step * step;
  }
}
