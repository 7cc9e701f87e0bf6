package io.redrill.rdb;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/// Scores as text, the way servers print and parse them.
public final class DoubleText {

  /// Up to so many digits are exact as a double.
  private static final int EXACT_DIGITS = 15;

  private DoubleText() {}

  /// The number that `text` is, which is never NaN; empty if it is none. Read is what the C
  /// library's `strtod` takes, but for hexadecimal and NaN.
  public static OptionalDouble parse(byte[] text) {
    double value = parseOrNaN(text, 0, text.length);
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /// As [#parse], of `length` bytes from `from` on, with NaN for what is no number.
  static double parseOrNaN(byte[] text, int from, int length) {
    int end = from + length;
    int first = length > 0 && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
    boolean negative = first > from && text[from] == '-';
    int digitsEnd = digits(text, first, end);
    if (digitsEnd == end && digitsEnd > first && digitsEnd - first <= EXACT_DIGITS) {
      long value = 0;
      for (int i = first; i < digitsEnd; i++) {
        value = value * 10 + (text[i] - '0');
      }
      return negative ? -(double) value : value;
    }
    if (isDecimal(text, first, digitsEnd, end)) {
      return Double.parseDouble(new String(text, from, length, StandardCharsets.ISO_8859_1));
    }
    String word = new String(text, first, end - first, StandardCharsets.ISO_8859_1);
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return Double.NaN;
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
