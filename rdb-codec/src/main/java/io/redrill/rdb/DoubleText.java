package io.redrill.rdb;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Scores as text, the way servers print and parse them.
final class DoubleText {

  /// What the C library's `strtod` takes, but for hexadecimal and NaN.
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private static final Pattern INFINITY =
      Pattern.compile("([+-]?)inf(inity)?", Pattern.CASE_INSENSITIVE);

  private DoubleText() {}

  /// The number that `text` is, which is never NaN; empty if it is none.
  static OptionalDouble parse(byte[] text) {
    String characters = new String(text, StandardCharsets.ISO_8859_1);
    if (NUMBER.matcher(characters).matches()) {
      return OptionalDouble.of(Double.parseDouble(characters));
    }
    var infinity = INFINITY.matcher(characters);
    if (!infinity.matches()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        infinity.group(1).equals("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
  }

  /// The shortest text that reads back to `score`: an integer where it is one, as servers print it.
  static byte[] of(double score) {
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
