package io.redrill.rdb.encoding;

/// The CRC-64 of RDB files and DUMP payloads: Jones' polynomial, reflected, from zero, without a
/// final exclusive or. Of the nine bytes `123456789` it is `e9c6d914c4b8d9ca`.
///
/// Eight tables let one step take eight bytes ("slicing by 8"): table `k` holds what a byte
/// contributes with `k` more bytes to come. Each step waits for the one before it, so long inputs
/// are cut into blocks of three equal lanes whose steps run side by side; at a block's end the CRC
/// of each lane is shifted over the bytes of the next. A fourth lane would be one too many for the
/// registers that the compiler has.
public final class Crc64 {

  /// The polynomial, reflected: the highest bit stands for 1, the lowest for x^63.
  private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;

  /// Long enough that joining the lanes costs little, short enough to serve most writes.
  private static final int LANE_BYTES = 1024;

  private static final int BLOCK_BYTES = 3 * LANE_BYTES;

  /// The eight tables of 256 one after the other: an array of known length, indexed by a constant
  /// plus a byte, needs no range checks.
  private static final long[] TABLE = sliceTable();

  private static final long[] LANE_SHIFT = shiftTable(LANE_BYTES);

  private long value;

  /// Begins before the first byte.
  public Crc64() {}

  /// The CRC of all of `bytes`.
  public static long of(byte[] bytes) {
    Crc64 crc = new Crc64();
    crc.update(bytes, 0, bytes.length);
    return crc.value();
  }

  /// The CRC of some bytes followed by `lengthB` others, from the CRC of either part.
  public static long combine(long crcA, long crcB, long lengthB) {
    return multiply(crcA, shiftOver(lengthB)) ^ crcB;
  }

  /// Begins anew.
  public void reset() {
    value = 0;
  }

  /// Goes on with `length` bytes that have the CRC `crc`.
  public void append(long crc, long length) {
    value = combine(value, crc, length);
  }

  /// The CRC of the bytes seen so far.
  public long value() {
    return value;
  }

  /// Goes on with `length` bytes of `bytes` from `offset` on.
  public void update(byte[] bytes, int offset, int length) {
    long crc = value;
    int at = offset;
    int end = offset + length;
    for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
      crc = block(crc, bytes, at);
    }
    for (; end - at >= 8; at += 8) {
      crc = slice(crc ^ LittleEndian.getLong(bytes, at));
    }
    for (; at < end; at++) {
      crc = TABLE[(int) (crc ^ bytes[at]) & 0xff] ^ crc >>> 8;
    }
    value = crc;
  }

  private static long block(long before, byte[] bytes, int from) {
    long a = before;
    long b = 0;
    long c = 0;
    for (int at = from, end = from + LANE_BYTES; at < end; at += 8) {
      a = slice(a ^ LittleEndian.getLong(bytes, at));
      b = slice(b ^ LittleEndian.getLong(bytes, at + LANE_BYTES));
      c = slice(c ^ LittleEndian.getLong(bytes, at + 2 * LANE_BYTES));
    }
    return shiftOverLane(shiftOverLane(a) ^ b) ^ c;
  }

  private static long slice(long mixed) {
    int low = (int) mixed;
    int high = (int) (mixed >>> 32);
    return TABLE[7 * 256 + (low & 0xff)]
        ^ TABLE[6 * 256 + (low >>> 8 & 0xff)]
        ^ TABLE[5 * 256 + (low >>> 16 & 0xff)]
        ^ TABLE[4 * 256 + (low >>> 24)]
        ^ TABLE[3 * 256 + (high & 0xff)]
        ^ TABLE[2 * 256 + (high >>> 8 & 0xff)]
        ^ TABLE[256 + (high >>> 16 & 0xff)]
        ^ TABLE[high >>> 24];
  }

  /// `crc` after a lane of zero bytes.
  private static long shiftOverLane(long crc) {
    long shifted = 0;
    for (int k = 0; k < 8; k++) {
      shifted ^= LANE_SHIFT[k * 256 + ((int) (crc >>> (8 * k)) & 0xff)];
    }
    return shifted;
  }

  private static long[] sliceTable() {
    long[] table = new long[8 * 256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = timesX(crc);
      }
      table[i] = crc;
    }
    for (int i = 256; i < table.length; i++) {
      long shorter = table[i - 256];
      table[i] = table[(int) shorter & 0xff] ^ shorter >>> 8;
    }
    return table;
  }

  /// For each byte `k` of a CRC and each of its values, what it becomes after `length` zero bytes.
  private static long[] shiftTable(int length) {
    long power = shiftOver(length);
    long[] table = new long[8 * 256];
    for (int k = 0; k < 8; k++) {
      for (int i = 1; i < 256; i++) {
        int rest = i & (i - 1);
        table[k * 256 + i] =
            rest == 0
                ? multiply((long) i << (8 * k), power)
                : table[k * 256 + rest] ^ table[k * 256 + (i ^ rest)];
      }
    }
    return table;
  }

  /// The polynomial x^(8 × length), by which zero bytes multiply a CRC.
  private static long shiftOver(long length) {
    long power = 1L << 63;
    long square = 1L << 55; // x^8
    for (long rest = length; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        power = multiply(power, square);
      }
      square = multiply(square, square);
    }
    return power;
  }

  private static long multiply(long left, long right) {
    long product = 0;
    long shifted = right;
    for (long rest = left; rest != 0; rest <<= 1) {
      product ^= shifted & (rest >> 63);
      shifted = timesX(shifted);
    }
    return product;
  }

  private static long timesX(long polynomial) {
    return polynomial >>> 1 ^ (POLYNOMIAL & -(polynomial & 1));
  }
}
