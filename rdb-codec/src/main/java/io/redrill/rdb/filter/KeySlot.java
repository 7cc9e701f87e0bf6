package io.redrill.rdb.filter;

import io.redrill.rdb.ByteSlice;

/// The slot of a cluster that a key belongs to: CRC-16 (polynomial 1021, from zero, as in XMODEM)
/// of the key, or of its hash tag, modulo 16384.
///
/// The hash tag is what stands between the first `{` and the first `}` after it, if that is
/// something.
public final class KeySlot {

  /// How many slots a cluster has.
  public static final int COUNT = 16384;

  private static final int POLYNOMIAL = 0x1021;
  private static final int[] TABLE = table();

  private KeySlot() {}

  /// The slot of `key`, from 0 to 16383.
  public static int of(byte[] key) {
    return of(key, 0, key.length);
  }

  /// As above, in place.
  public static int of(ByteSlice key) {
    return of(key.array(), key.offset(), key.offset() + key.length());
  }

  private static int of(byte[] bytes, int from, int to) {
    int open = indexOf(bytes, '{', from, to);
    if (open >= 0) {
      int close = indexOf(bytes, '}', open + 1, to);
      if (close > open + 1) {
        return crc16(bytes, open + 1, close) & (COUNT - 1);
      }
    }
    return crc16(bytes, from, to) & (COUNT - 1);
  }

  static int crc16(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8 & 0xffff) ^ TABLE[(crc >>> 8) ^ (bytes[i] & 0xff)];
    }
    return crc;
  }

  private static int indexOf(byte[] bytes, int searched, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == searched) {
        return i;
      }
    }
    return -1;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }
}
