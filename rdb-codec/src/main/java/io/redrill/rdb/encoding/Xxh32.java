package io.redrill.rdb.encoding;

/// XXH32 with the seed 0, of bytes that come in pieces: the checksum of LZ4 frames.
///
/// Sixteen bytes at a time go into four lanes; what is left over at the end goes in by fours and
/// ones. Not safe for use by several threads.
final class Xxh32 {

  private static final int P1 = 0x9e3779b1;
  private static final int P2 = 0x85ebca77;
  private static final int P3 = 0xc2b2ae3d;
  private static final int P4 = 0x27d4eb2f;
  private static final int P5 = 0x165667b1;
  private static final int STRIPE = 16;

  private final byte[] rest = new byte[STRIPE];
  private int a = 0x24234428; // P1 + P2, which overflows
  private int b = P2;
  private int c;
  private int d = -P1;
  private int restBytes;
  private long total;

  /// The checksum of `length` bytes of `bytes` from `from` on.
  static int of(byte[] bytes, int from, int length) {
    Xxh32 hash = new Xxh32();
    hash.update(bytes, from, length);
    return hash.value();
  }

  void update(byte[] bytes, int from, int length) {
    total += length;
    int at = from;
    int end = from + length;
    if (restBytes > 0) {
      int taken = Math.min(STRIPE - restBytes, length);
      System.arraycopy(bytes, at, rest, restBytes, taken);
      restBytes += taken;
      at += taken;
      if (restBytes < STRIPE) {
        return;
      }
      stripe(rest, 0);
      restBytes = 0;
    }
    for (; end - at >= STRIPE; at += STRIPE) {
      stripe(bytes, at);
    }
    System.arraycopy(bytes, at, rest, 0, end - at);
    restBytes = end - at;
  }

  private void stripe(byte[] bytes, int at) {
    a = lane(a, LittleEndian.getInt(bytes, at));
    b = lane(b, LittleEndian.getInt(bytes, at + 4));
    c = lane(c, LittleEndian.getInt(bytes, at + 8));
    d = lane(d, LittleEndian.getInt(bytes, at + 12));
  }

  private static int lane(int lane, int input) {
    return Integer.rotateLeft(lane + input * P2, 13) * P1;
  }

  /// The checksum of what has come so far.
  int value() {
    int hash =
        total < STRIPE
            ? P5
            : Integer.rotateLeft(a, 1)
                + Integer.rotateLeft(b, 7)
                + Integer.rotateLeft(c, 12)
                + Integer.rotateLeft(d, 18);
    hash += (int) total;
    int at = 0;
    for (; restBytes - at >= 4; at += 4) {
      hash = Integer.rotateLeft(hash + LittleEndian.getInt(rest, at) * P3, 17) * P4;
    }
    for (; at < restBytes; at++) {
      hash = Integer.rotateLeft(hash + (rest[at] & 0xff) * P5, 11) * P1;
    }
    hash = (hash ^ hash >>> 15) * P2;
    hash = (hash ^ hash >>> 13) * P3;
    return hash ^ hash >>> 16;
  }
}
