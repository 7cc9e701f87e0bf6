package io.redrill.server.command;

import io.redrill.rdb.encoding.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a HyperLogLog: a string that estimates how many distinct elements it was shown.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `HYLL` |
/// | 1 | 0: dense, 1: sparse |
/// | 3 | zero |
/// | 8 | the last estimate, little-endian; its highest bit set: not valid any more |
/// | ... | 16384 registers of 6 bits |
///
/// Dense: all registers, 12288 bytes, the first in the lowest bits. Sparse: runs, `00llllll` of
/// zeros (1 to 64), `01llllll llllllll` of zeros (1 to 16384), `1vvvvvll` of one value (1 to 32, 1
/// to 4 registers long). Other programs compare these bytes, so every choice among equal forms is
/// made as Redis makes it: how a run is split, which neighbours are merged (from the run before the
/// changed one, five runs far), when sparse becomes dense.
///
/// Edits work on a copy of the bytes given, which [#bytes()] hands out.
final class HyperLogLog {

  static final int REGISTERS = 16384;

  /// Redis's default of `hll-sparse-max-bytes`: a longer sparse form becomes dense.
  private static final int SPARSE_MAX_BYTES = 3000;

  private static final int HEADER = 16;
  private static final int ENCODING_AT = 4;
  private static final int CARDINALITY_AT = 8;
  private static final int VALIDITY_AT = 15;
  private static final int DENSE_BYTES = HEADER + REGISTERS * 6 / 8;
  private static final byte DENSE = 0;
  private static final byte SPARSE = 1;
  private static final int SPARSE_MAX_VALUE = 32;
  private static final int ZERO_MAX = 64;
  private static final int VALUE_MAX = 4;
  private static final int MERGED_RUNS = 5;
  private static final int RANK_BITS = 50;
  private static final long HASH_SEED = 0xadc83b19L;

  private byte[] bytes;
  private int length;

  /// Works on a copy of `bytes`, which [#isValid] has accepted.
  HyperLogLog(byte[] bytes) {
    this.bytes = bytes.clone();
    this.length = bytes.length;
  }

  /// An empty one, sparse.
  static HyperLogLog empty() {
    byte[] bytes = new byte[HEADER + 2];
    byte[] magic = "HYLL".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    bytes[ENCODING_AT] = SPARSE;
    putZeros(bytes, HEADER, REGISTERS);
    return new HyperLogLog(bytes);
  }

  /// Whether a string is a HyperLogLog as far as its header and length tell.
  static boolean isValid(byte[] bytes) {
    return bytes.length >= HEADER
        && bytes[0] == 'H'
        && bytes[1] == 'Y'
        && bytes[2] == 'L'
        && bytes[3] == 'L'
        && (bytes[ENCODING_AT] == SPARSE
            || (bytes[ENCODING_AT] == DENSE && bytes.length == DENSE_BYTES));
  }

  /// The bytes as they are now.
  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  boolean isDense() {
    return bytes[ENCODING_AT] == DENSE;
  }

  /// Shows it an element; says whether a register changed.
  boolean add(byte[] element) {
    long hash = MurmurHash64A.hash(element, HASH_SEED);
    int register = (int) (hash & (REGISTERS - 1));
    long rest = hash >>> 14 | 1L << RANK_BITS;
    return raise(register, Long.numberOfTrailingZeros(rest) + 1);
  }

  /// Sets a register that is lower to `value`; says whether it was.
  boolean raise(int register, int value) {
    return isDense() ? raiseDense(register, value) : raiseSparse(register, value);
  }

  /// Has the estimate counted anew when it is asked for next.
  void forgetCardinality() {
    bytes[VALIDITY_AT] |= (byte) 0x80;
  }

  boolean knowsCardinality() {
    return (bytes[VALIDITY_AT] & 0x80) == 0;
  }

  long knownCardinality() {
    return LittleEndian.getLong(bytes, CARDINALITY_AT);
  }

  void rememberCardinality(long cardinality) {
    LittleEndian.putLong(bytes, CARDINALITY_AT, cardinality);
  }

  /// Raises each of `registers` to this one's. Refuses damaged bytes.
  void raiseInto(byte[] registers) {
    if (isDense()) {
      for (int i = 0; i < REGISTERS; i++) {
        registers[i] = (byte) Math.max(registers[i], denseRegister(bytes, i));
      }
      return;
    }
    int register = 0;
    for (int at = HEADER; at < length; at += runBytes(at)) {
      checkWhole(at);
      int run = runLength(at);
      if (register + run > REGISTERS) {
        throw damaged();
      }
      int value = runValue(at);
      for (int i = 0; i < run; i++, register++) {
        registers[register] = (byte) Math.max(registers[register], value);
      }
    }
    if (register != REGISTERS) {
      throw damaged();
    }
  }

  /// Takes the dense form, if it has the sparse one.
  void makeDense() {
    if (isDense()) {
      return;
    }
    byte[] registers = new byte[REGISTERS];
    raiseInto(registers);
    byte[] dense = Arrays.copyOf(Arrays.copyOf(bytes, HEADER), DENSE_BYTES);
    dense[ENCODING_AT] = DENSE;
    for (int i = 0; i < REGISTERS; i++) {
      putDenseRegister(dense, i, registers[i]);
    }
    bytes = dense;
    length = DENSE_BYTES;
  }

  /// How many distinct elements these registers have seen, by Ertl's improved raw estimator (O.
  /// Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017).
  static long estimate(byte[] registers) {
    int[] histogram = new int[64];
    for (byte register : registers) {
      histogram[register]++;
    }
    double m = REGISTERS;
    double z = m * tau((m - histogram[RANK_BITS + 1]) / m);
    for (int rank = RANK_BITS; rank >= 1; rank--) {
      z += histogram[rank];
      z *= 0.5;
    }
    z += m * sigma(histogram[0] / m);
    return Math.round(0.5 / Math.log(2) * m * m / z);
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = share;
    double y = 1;
    double z = x;
    double before;
    do {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    } while (before != z);
    return z;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double x = share;
    double y = 1;
    double z = 1 - x;
    double before;
    do {
      x = Math.sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    } while (before != z);
    return z / 3;
  }

  private boolean raiseDense(int register, int value) {
    if (denseRegister(bytes, register) >= value) {
      return false;
    }
    putDenseRegister(bytes, register, value);
    return true;
  }

  static int denseRegister(byte[] dense, int register) {
    int bit = register * 6;
    int at = HEADER + bit / 8;
    int low = dense[at] & 0xff;
    int high = at + 1 < dense.length ? dense[at + 1] & 0xff : 0;
    return (high << 8 | low) >>> (bit & 7) & 63;
  }

  private static void putDenseRegister(byte[] dense, int register, int value) {
    int bit = register * 6;
    int at = HEADER + bit / 8;
    int shift = bit & 7;
    int high = at + 1 < dense.length ? dense[at + 1] & 0xff : 0;
    int pair = (((high << 8) | (dense[at] & 0xff)) & ~(63 << shift)) | (value << shift);
    dense[at] = (byte) pair;
    if (at + 1 < dense.length) {
      dense[at + 1] = (byte) (pair >>> 8);
    }
  }

  private boolean raiseSparse(int register, int value) {
    if (value > SPARSE_MAX_VALUE) {
      makeDense();
      return raiseDense(register, value);
    }
    int before = -1;
    int at = HEADER;
    int first = 0;
    while (at < length) {
      checkWhole(at);
      if (register < first + runLength(at)) {
        break;
      }
      first += runLength(at);
      before = at;
      at += runBytes(at);
    }
    if (at >= length) {
      throw damaged();
    }
    if (runValue(at) >= value) {
      return false;
    }
    byte[] runs = new byte[5];
    int count = 0;
    count = putRun(runs, count, runValue(at), register - first);
    count = putRun(runs, count, value, 1);
    count = putRun(runs, count, runValue(at), first + runLength(at) - 1 - register);
    int growth = count - runBytes(at);
    if (growth > 0 && length + growth > SPARSE_MAX_BYTES) {
      makeDense();
      return raiseDense(register, value);
    }
    replace(at, runBytes(at), runs, count);
    mergeFrom(before < 0 ? HEADER : before);
    return true;
  }

  /// Puts `count` bytes of `runs` in the place of the run at `at`.
  private void replace(int at, int oldBytes, byte[] runs, int count) {
    byte[] next = Arrays.copyOf(bytes, length + count - oldBytes);
    System.arraycopy(runs, 0, next, at, count);
    System.arraycopy(bytes, at + oldBytes, next, at + count, length - at - oldBytes);
    bytes = next;
    length = next.length;
  }

  /// Merges neighbours of equal value whose lengths together fit one run.
  private void mergeFrom(int from) {
    int at = from;
    for (int i = 0; i < MERGED_RUNS && at < length; i++) {
      int next = at + 1;
      if (isValueRun(at)
          && next < length
          && isValueRun(next)
          && runValue(at) == runValue(next)
          && runLength(at) + runLength(next) <= VALUE_MAX) {
        byte[] merged = new byte[1];
        int count = putRun(merged, 0, runValue(at), runLength(at) + runLength(next));
        replace(at, 2, merged, count);
      } else {
        at += runBytes(at);
      }
    }
  }

  private boolean isValueRun(int at) {
    return (bytes[at] & 0x80) != 0;
  }

  private int runBytes(int at) {
    return (bytes[at] & 0xc0) == 0x40 ? 2 : 1;
  }

  private int runLength(int at) {
    if (isValueRun(at)) {
      return (bytes[at] & 3) + 1;
    }
    int high = bytes[at] & 0x3f;
    return runBytes(at) == 1 ? high + 1 : ((high << 8) | (bytes[at + 1] & 0xff)) + 1;
  }

  private int runValue(int at) {
    return isValueRun(at) ? (bytes[at] >>> 2 & 0x1f) + 1 : 0;
  }

  private void checkWhole(int at) {
    if (at + runBytes(at) > length) {
      throw damaged();
    }
  }

  private static int putRun(byte[] target, int at, int value, int run) {
    if (run == 0) {
      return at;
    }
    if (value > 0) {
      target[at] = (byte) (0x80 | ((value - 1) << 2) | (run - 1));
      return at + 1;
    }
    return putZeros(target, at, run);
  }

  private static int putZeros(byte[] target, int at, int run) {
    if (run <= ZERO_MAX) {
      target[at] = (byte) (run - 1);
      return at + 1;
    }
    target[at] = (byte) (0x40 | ((run - 1) >>> 8));
    target[at + 1] = (byte) (run - 1);
    return at + 2;
  }

  private static CommandException damaged() {
    return new CommandException("INVALIDOBJ Corrupted HLL object detected");
  }
}
