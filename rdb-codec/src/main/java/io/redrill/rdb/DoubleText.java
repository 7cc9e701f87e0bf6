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
    int from = text.length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    boolean negative = from == 1 && text[0] == '-';
    int digitsEnd = digits(text, from);
    if (digitsEnd == text.length && digitsEnd > from && digitsEnd - from <= EXACT_DIGITS) {
      long value = 0;
      for (int i = from; i < digitsEnd; i++) {
        value = value * 10 + (text[i] - '0');
      }
      return OptionalDouble.of(negative ? -(double) value : value);
    }
    if (isDecimal(text, from, digitsEnd)) {
      return OptionalDouble.of(Double.parseDouble(new String(text, StandardCharsets.ISO_8859_1)));
    }
    String word = new String(text, from, text.length - from, StandardCharsets.ISO_8859_1);
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return OptionalDouble.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    return OptionalDouble.empty();
  }

  /// Whether digits up to `digitsEnd` go on as a decimal fraction: a point, digits, an exponent, of
  /// which each may be missing, but not all digits.
  private static boolean isDecimal(byte[] text, int from, int digitsEnd) {
    int at = digitsEnd;
    int count = digitsEnd - from;
    if (at < text.length && text[at] == '.') {
      int end = digits(text, at + 1);
      count += end - (at + 1);
      at = end;
    }
    if (count == 0) {
      return false;
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length && (text[exponent] == '-' || text[exponent] == '+')) {
        exponent++;
      }
      at = digits(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length;
  }

  private static int digits(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
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
