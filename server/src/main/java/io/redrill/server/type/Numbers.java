package io.redrill.server.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Numbers in the text forms that Redis reads and writes.
///
/// Integers must be canonical: no sign but a leading minus, no leading zero, no blank.
/// Floating-point numbers follow C: read as `strtod` does, written as `%.17g`. Commands that add
/// fractions work in x86's 80-bit long double and write `%.17Lf`; [#addLongDouble] gives the same
/// digits.
public final class Numbers {

  private static final int LONGEST = 20;
  private static final int LONG_DOUBLE_BITS = 64;

  private Numbers() {}

  /// Whether the bytes are exactly how Redis would write some 64-bit integer.
  public static boolean isCanonicalLong(byte[] bytes) {
    return parseLong(bytes).isPresent();
  }

  /// The canonical 64-bit integer in `bytes`, or empty.
  public static OptionalLong parseLong(byte[] bytes) {
    int length = bytes.length;
    if (length == 0 || length > LONGEST) {
      return OptionalLong.empty();
    }
    boolean negative = bytes[0] == '-';
    int at = negative ? 1 : 0;
    if (at == length) {
      return OptionalLong.empty();
    }
    int first = bytes[at];
    if (first == '0') {
      return length == 1 ? OptionalLong.of(0) : OptionalLong.empty();
    }
    long value = 0;
    for (; at < length; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      // Negative accumulation, because the negative range is the larger one.
      if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
        return OptionalLong.empty();
      }
      value = value * 10 - digit;
    }
    if (negative) {
      return OptionalLong.of(value);
    }
    return value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-value);
  }

  /// The text of an integer.
  public static byte[] text(long value) {
    return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The number in `bytes` as C's `strtod` reads it, or empty if it is not one, or not a number.
  public static OptionalDouble parseDouble(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > 400) {
      return OptionalDouble.empty();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String unsigned = text.charAt(0) == '-' || text.charAt(0) == '+' ? text.substring(1) : text;
    if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
      return OptionalDouble.of(
          text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    boolean hex = unsigned.startsWith("0x") || unsigned.startsWith("0X");
    for (int i = 0; i < unsigned.length(); i++) {
      char c = unsigned.charAt(i);
      boolean digit = (c >= '0' && c <= '9') || c == '.';
      boolean exponent = c == 'e' || c == 'E' || c == '+' || c == '-';
      boolean hexDigit = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || "xXpP".indexOf(c) >= 0;
      if (!digit && !exponent && !(hex && hexDigit)) {
        return OptionalDouble.empty();
      }
    }
    try {
      boolean wholeHex = hex && text.indexOf('p') < 0 && text.indexOf('P') < 0;
      return OptionalDouble.of(Double.parseDouble(wholeHex ? text + "p0" : text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// The shortest of `%.17g`'s forms, as replies carry it: `3`, `0.10000000000000001`, `inf`.
  public static String format(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(17, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal stripped = rounded.stripTrailingZeros();
    if (exponent >= -4 && exponent < 17) {
      return stripped.toPlainString();
    }
    String digits = stripped.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder();
    if (value < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    int size = Math.abs(exponent);
    if (size < 10) {
      out.append('0');
    }
    return out.append(size).toString();
  }

  /// The score of a sorted set's member as it is stored in packed form and shown: integers as such.
  public static byte[] text(double value) {
    return format(value).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The decimal number in `bytes` as a long double holds it; empty if it is none or infinite.
  public static java.util.Optional<BigDecimal> parseLongDouble(byte[] bytes) {
    OptionalDouble rough = parseDouble(bytes);
    if (rough.isEmpty() || Double.isInfinite(rough.getAsDouble())) {
      return java.util.Optional.empty();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
      return java.util.Optional.of(new BigDecimal(rough.getAsDouble()));
    }
    return java.util.Optional.of(toLongDouble(new BigDecimal(text)));
  }

  /// The sum of two long doubles, rounded as x86 rounds it.
  public static BigDecimal addLongDouble(BigDecimal left, BigDecimal right) {
    return toLongDouble(left.add(right));
  }

  /// The text `%.17Lf` without its trailing zeros.
  public static byte[] longDoubleText(BigDecimal value) {
    BigDecimal rounded = value.setScale(17, RoundingMode.HALF_EVEN).stripTrailingZeros();
    String text = rounded.signum() == 0 ? "0" : rounded.toPlainString();
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The nearest number with a 64-bit significand.
  private static BigDecimal toLongDouble(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigInteger numerator = value.unscaledValue().abs();
    BigInteger denominator = BigInteger.ONE;
    if (value.scale() >= 0) {
      denominator = BigInteger.TEN.pow(value.scale());
    } else {
      numerator = numerator.multiply(BigInteger.TEN.pow(-value.scale()));
    }
    int shift = LONG_DOUBLE_BITS - (numerator.bitLength() - denominator.bitLength());
    BigInteger significand = divide(numerator, denominator, shift);
    if (significand.bitLength() > LONG_DOUBLE_BITS) {
      shift -= significand.bitLength() - LONG_DOUBLE_BITS;
      significand = divide(numerator, denominator, shift);
    }
    BigDecimal result = new BigDecimal(significand);
    result =
        shift >= 0
            ? result.divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift)))
            : result.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(-shift)));
    return value.signum() < 0 ? result.negate() : result;
  }

  /// `numerator * 2^shift / denominator`, rounded half to even.
  private static BigInteger divide(BigInteger numerator, BigInteger denominator, int shift) {
    BigInteger top = shift >= 0 ? numerator.shiftLeft(shift) : numerator;
    BigInteger bottom = shift >= 0 ? denominator : denominator.shiftLeft(-shift);
    return new BigDecimal(top)
        .divide(new BigDecimal(bottom), 0, RoundingMode.HALF_EVEN)
        .toBigInteger();
  }
}
