package io.redrill.rdb.encoding;

import java.nio.charset.StandardCharsets;

/// Decimal integers as text: which byte strings servers store as integers, and back.
///
/// Only the one canonical text of a number counts (no leading zero, no `+`, no `-0`), since the
/// text must come back byte for byte.
public final class DecimalText {

  /// The longest canonical text of a 64-bit integer, in bytes.
  private static final int MAX_BYTES = 20;

  private DecimalText() {}

  /// Whether `text` is the canonical decimal text of a signed 64-bit integer.
  public static boolean isLong(byte[] text) {
    int length = text.length;
    if (length == 0 || length > MAX_BYTES) {
      return false;
    }
    boolean negative = text[0] == '-';
    int first = negative ? 1 : 0;
    if (first == length) {
      return false;
    }
    if (text[first] == '0') {
      return length == 1;
    }
    long value = 0; // kept negative, whose range is the larger
    for (int i = first; i < length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9 || value < Long.MIN_VALUE / 10) {
        return false;
      }
      value = value * 10 - digit;
      if (value > 0) {
        return false;
      }
    }
    return negative || value != Long.MIN_VALUE;
  }

  /// The number that `text` stands for; only to be called where [#isLong] holds.
  public static long parse(byte[] text) {
    boolean negative = text[0] == '-';
    long value = 0;
    for (int i = negative ? 1 : 0; i < text.length; i++) {
      value = value * 10 - (text[i] - '0');
    }
    return negative ? value : -value;
  }

  /// How long the canonical text of `value` is.
  public static int length(long value) {
    int length = value < 0 ? 2 : 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      length++;
    }
    return length;
  }

  /// The canonical text of `value`.
  public static byte[] of(long value) {
    return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
  }
}
