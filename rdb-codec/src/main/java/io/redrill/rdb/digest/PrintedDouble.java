package io.redrill.rdb.digest;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/// Doubles as C's `%.17g` prints them, which is how servers up to Redis 7.0 digest a score: `3`,
/// `0.10000000000000001`, `1e+20`, `-inf`.
final class PrintedDouble {

  private static final int DIGITS = 17;

  private PrintedDouble() {}

  static byte[] of(double value) {
    return text(value).getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal stripped = rounded.stripTrailingZeros();
    if (exponent >= -4 && exponent < DIGITS) {
      return stripped.toPlainString();
    }
    String digits = stripped.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%s%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.charAt(0),
            fraction,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}
