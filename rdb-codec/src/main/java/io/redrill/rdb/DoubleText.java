package io.redrill.rdb;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/// Scores as text, the way servers print and parse them.
public final class DoubleText {

  /// So many digits fit a long, and their power of ten, as all up to 10^22, is exact as a double.
  private static final int MOST_DIGITS = 18;

  /// Every integer up to this is exact as a double.
  private static final long MOST_EXACT = 1L << 53;

  private static final double[] POWERS = powers();

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
    double exact = exact(text, first, end);
    if (!Double.isNaN(exact)) {
      return negative ? -exact : exact;
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

  /// The number of digits with or without a point, where its digits and the power of ten that they
  /// are divided by are both exact as a double, so that the quotient is rounded once; else NaN.
  private static double exact(byte[] text, int from, int end) {
    int pointAt = end;
    long digits = 0;
    int count = 0;
    for (int at = from; at < end; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        count++;
      } else if (text[at] == '.' && pointAt == end) {
        pointAt = at;
      } else {
        return Double.NaN;
      }
      if (count > MOST_DIGITS) {
        return Double.NaN;
      }
    }
    if (count == 0 || digits > MOST_EXACT) {
      return Double.NaN;
    }
    return pointAt == end ? digits : digits / POWERS[end - pointAt - 1];
  }

  private static double[] powers() {
    double[] powers = new double[MOST_DIGITS + 1];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
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
