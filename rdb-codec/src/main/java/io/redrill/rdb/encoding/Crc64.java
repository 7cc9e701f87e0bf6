package io.redrill.rdb.encoding;

/// The CRC-64 of RDB files and DUMP payloads: Jones' polynomial, reflected, from zero, without a
/// final exclusive or. Of the nine bytes `123456789` it is `e9c6d914c4b8d9ca`.
///
/// Eight tables let one step take eight bytes ("slicing by 8"): table `k` holds what a byte
/// contributes with `k` more bytes to come.
public final class Crc64 {

  /// The polynomial, reflected.
  private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;

  private static final long[][] TABLES = tables();

  private long value;

  /// Begins before the first byte.
  public Crc64() {}

  /// The CRC of all of `bytes`.
  public static long of(byte[] bytes) {
    Crc64 crc = new Crc64();
    crc.update(bytes, 0, bytes.length);
    return crc.value();
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
    for (; at <= end - 8; at += 8) {
      long mixed = crc ^ LittleEndian.getLong(bytes, at);
      crc =
          TABLES[7][(int) mixed & 0xff]
              ^ TABLES[6][(int) (mixed >>> 8) & 0xff]
              ^ TABLES[5][(int) (mixed >>> 16) & 0xff]
              ^ TABLES[4][(int) (mixed >>> 24) & 0xff]
              ^ TABLES[3][(int) (mixed >>> 32) & 0xff]
              ^ TABLES[2][(int) (mixed >>> 40) & 0xff]
              ^ TABLES[1][(int) (mixed >>> 48) & 0xff]
              ^ TABLES[0][(int) (mixed >>> 56)];
    }
    for (; at < end; at++) {
      crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xff] ^ crc >>> 8;
    }
    value = crc;
  }

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
      }
      tables[0][i] = crc;
    }
    for (int k = 1; k < 8; k++) {
      for (int i = 0; i < 256; i++) {
        long shorter = tables[k - 1][i];
        tables[k][i] = tables[0][(int) shorter & 0xff] ^ shorter >>> 8;
      }
    }
    return tables;
  }
}
