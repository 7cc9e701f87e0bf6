package io.redrill.rdb;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/// Scores as text, the way servers print and parse them.
public final class DoubleText {

  /// So many digits fit an unsigned long.
  private static final int MOST_DIGITS = 19;

  private static final int NO_EXPONENT = Integer.MIN_VALUE;

  private DoubleText() {}

  /// The number that `text` is, which is never NaN; empty if it is none. Read is what the C
  /// library's `strtod` takes, but for hexadecimal, NaN, spaces in front and anything behind.
  public static OptionalDouble parse(byte[] text) {
    double value = parseOrNaN(text, 0, text.length);
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /// As [#parse], of `length` bytes from `from` on, with NaN for what is no number.
  static double parseOrNaN(byte[] text, int from, int length) {
    int end = from + length;
    int first = length > 0 && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
    boolean negative = first > from && text[from] == '-';
    double plain = plain(text, first, end);
    if (!Double.isNaN(plain)) {
      return negative ? -plain : plain;
    }
    int digitsEnd = digits(text, first, end);
    if (isDecimal(text, first, digitsEnd, end)) {
      return Double.parseDouble(new String(text, from, length, StandardCharsets.ISO_8859_1));
    }
    String word = new String(text, first, end - first, StandardCharsets.ISO_8859_1);
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return Double.NaN;
  }

  /// The number of digits with or without a point and an exponent, where no more than 19 of them
  /// count and [DecimalDouble] can tell; else NaN.
  private static double plain(byte[] text, int from, int end) {
    long digits = 0;
    int counting = 0;
    int pointAt = -1;
    int at = from;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        counting += counting > 0 || digit != 0 ? 1 : 0;
      } else if (text[at] == '.' && pointAt < 0) {
        pointAt = at;
      } else {
        break;
      }
    }
    if (counting > MOST_DIGITS || at == from || (pointAt == from && at == from + 1)) {
      return Double.NaN;
    }
    int power = pointAt < 0 ? 0 : pointAt + 1 - at;
    if (at < end) {
      int exponent = smallExponent(text, at, end);
      if (exponent == NO_EXPONENT) {
        return Double.NaN;
      }
      power += exponent;
    }
    return DecimalDouble.of(digits, power);
  }

  /// An `e`, perhaps a sign, and one to three digits up to `end`.
  private static int smallExponent(byte[] text, int from, int end) {
    if ((text[from] | 0x20) != 'e') {
      return NO_EXPONENT;
    }
    boolean isSigned = from + 1 < end && (text[from + 1] == '-' || text[from + 1] == '+');
    int first = isSigned ? from + 2 : from + 1;
    if (first == end || end - first > 3 || digits(text, first, end) != end) {
      return NO_EXPONENT;
    }
    int exponent = 0;
    for (int at = first; at < end; at++) {
      exponent = exponent * 10 + text[at] - '0';
    }
    return isSigned && text[from + 1] == '-' ? -exponent : exponent;
  }

  /// Whether digits up to `digitsEnd` go on as a decimal fraction: a point, digits, an exponent, of
  /// which each may be missing, but not all digits.
  private static boolean isDecimal(byte[] text, int from, int digitsEnd, int limit) {
    int at = digitsEnd;
    int count = digitsEnd - from;
    if (at < limit && text[at] == '.') {
      int end = digits(text, at + 1, limit);
      count += end - (at + 1);
      at = end;
    }
    if (count == 0) {
      return false;
    }
    if (at < limit && (text[at] == 'e' || text[at] == 'E')) {
      int exponent = at + 1;
      if (exponent < limit && (text[exponent] == '-' || text[exponent] == '+')) {
        exponent++;
      }
      at = digits(text, exponent, limit);
      if (at == exponent) {
        return false;
      }
    }
    return at == limit;
  }

  private static int digits(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  /// The shortest text that reads back to `score`: an integer where it is one, as servers print it.
  public static byte[] of(double score) {
    String text;
    if (Double.isInfinite(score)) {
      text = score > 0 ? "inf" : "-inf";
    } else if (score == (long) score && Math.abs(score) < 1L << 53) {
      text = score == 0 && 1 / score < 0 ? "-0" : Long.toString((long) score);
    } else {
      text = Double.toString(score);
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
