package io.redrill.rdb.json;

import io.redrill.rdb.encoding.LittleEndian;

/// Whether bytes are text: UTF-8 in its strict form, without overlong forms, surrogates, or
/// anything after U+10FFFF.
final class Utf8 {

  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /// Whether the `length` bytes of `bytes` from `from` on are UTF-8.
  static boolean isValid(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end) {
      if (end - at >= 8 && (LittleEndian.getLong(bytes, at) & NOT_ASCII) == 0) {
        at += 8;
        continue;
      }
      int size = bytes[at] >= 0 ? 1 : sequence(bytes, at, end);
      if (size == 0) {
        return false;
      }
      at += size;
    }
    return true;
  }

  /// How many bytes the character at `at` has, which is not ASCII; 0 if it is none.
  private static int sequence(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    int size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (end - at < size) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    // What the second byte may be keeps out overlong forms, surrogates and what is too large.
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < size; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return size;
  }
}
