package io.redrill.rdb.encoding;

import java.nio.charset.StandardCharsets;

/// Decimal integers as text: which byte strings servers store as integers, and back.
///
/// Only the one canonical text of a number counts (no leading zero, no `+`, no `-0`), since the
/// text must come back byte for byte.
public final class DecimalText {

  /// The longest canonical text of a 64-bit integer, in bytes.
  private static final int MAX_BYTES = 20;

  /// Fewer digits than this cannot leave the range.
  private static final int SAFE_DIGITS = 19;

  /// -10^18, the lowest power of ten there is.
  private static final long LEAST_POWER = -1_000_000_000_000_000_000L;

  /// The texts of 00 to 99, each in a little-endian short.
  private static final short[] PAIRS = pairs();

  private DecimalText() {}

  /// Whether `text` is the canonical decimal text of a signed 64-bit integer.
  public static boolean isLong(byte[] text) {
    return isLong(text, 0, text.length);
  }

  /// As above, of the `length` bytes of `text` from `from` on.
  public static boolean isLong(byte[] text, int from, int length) {
    if (length <= 0 || length > MAX_BYTES) {
      return false;
    }
    int end = from + length;
    boolean negative = text[from] == '-';
    int first = negative ? from + 1 : from;
    if (first == end) {
      return false;
    }
    if (text[first] == '0') {
      return length == 1;
    }
    if (end - first < SAFE_DIGITS) {
      for (int i = first; i < end; i++) {
        if (!isDigit(text[i])) {
          return false;
        }
      }
      return true;
    }
    long value = 0; // kept negative, whose range is the larger
    for (int i = first; i < end; i++) {
      if (!isDigit(text[i]) || value < Long.MIN_VALUE / 10) {
        return false;
      }
      value = value * 10 - (text[i] - '0');
      if (value > 0) {
        return false;
      }
    }
    return negative || value != Long.MIN_VALUE;
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  /// The number that `text` stands for; only to be called where [#isLong] holds.
  public static long parse(byte[] text) {
    return parse(text, 0, text.length);
  }

  /// As above, of the `length` bytes of `text` from `from` on.
  public static long parse(byte[] text, int from, int length) {
    int end = from + length;
    boolean negative = text[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < end; i++) {
      value = value * 10 - (text[i] - '0');
    }
    return negative ? value : -value;
  }

  /// Writes the canonical text of `value` into `out` from `at` on, where there must be room for it
  /// (20 bytes always suffice), and returns its end.
  public static int put(long value, byte[] out, int at) {
    if (value < 0) {
      out[at] = '-';
    }
    int end = at + length(value);
    int to = end;
    long rest = value < 0 ? value : -value; // kept negative, whose range is the larger
    while (rest < -Integer.MAX_VALUE) {
      long quotient = rest / 100;
      to -= 2;
      LittleEndian.putShort(out, to, PAIRS[(int) (quotient * 100 - rest)]);
      rest = quotient;
    }
    int small = (int) -rest; // divides faster
    while (small >= 100) {
      int quotient = small / 100;
      to -= 2;
      LittleEndian.putShort(out, to, PAIRS[small - quotient * 100]);
      small = quotient;
    }
    if (small >= 10) {
      LittleEndian.putShort(out, to - 2, PAIRS[small]);
    } else {
      out[to - 1] = (byte) ('0' + small);
    }
    return end;
  }

  /// How long the canonical text of `value` is, in bytes.
  public static int length(long value) {
    long negative = value < 0 ? value : -value;
    int length = value < 0 ? 2 : 1;
    for (long power = -10; negative <= power; power *= 10) {
      length++;
      if (power == LEAST_POWER) {
        break; // the next one would overflow
      }
    }
    return length;
  }

  /// The canonical text of `value`.
  public static byte[] of(long value) {
    return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static short[] pairs() {
    short[] pairs = new short[100];
    for (int i = 0; i < 100; i++) {
      pairs[i] = (short) ('0' + i / 10 | ('0' + i % 10) << 8);
    }
    return pairs;
  }
}
