package io.redrill.rdb.digest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Doubles as servers from Redis 7.2 on print them, which is how they digest a score: `3`, `0.1`,
/// `-9.919109284647503e+5`, `-inf`.
///
/// The digits are those of Grisu2 (Florian Loitsch, "Printing floating-point numbers quickly and
/// accurately with integers", 2010): they read back as the same number, and nearly always are the
/// fewest that do. Where they are not, the digest depends on it, so that no other algorithm serves.
///
/// A number is a significand of 64 bits times a power of two. It, and the bounds between which
/// digits stand for it, are multiplied with a power of ten, so that their integer parts have at
/// most 32 bits, and then cut into digits.
final class GrisuDouble {

  private static final int LEAST_POWER = -348;
  private static final int POWER_STEP = 8;
  private static final int POWERS = 87;
  private static final int LEAST_EXPONENT = -60;
  private static final int GREATEST_EXPONENT = -32;
  private static final double LOG_10_OF_2 = 0.30102999566398114;
  private static final long HIDDEN_BIT = 1L << 52;
  private static final int MOST_DIGITS = 18;

  /// The powers of ten, rounded to 64 bits, and the exponents of two that belong to them.
  private static final long[] SIGNIFICANDS = new long[POWERS];

  private static final int[] EXPONENTS = new int[POWERS];

  static {
    for (int i = 0; i < POWERS; i++) {
      setPower(i, LEAST_POWER + i * POWER_STEP);
    }
  }

  private final StringBuilder digits = new StringBuilder(MOST_DIGITS);

  /// The power of ten that the digits as an integer are multiplied with.
  private int scale;

  private GrisuDouble() {}

  private static void setPower(int index, int power) {
    BigInteger ten = BigInteger.TEN.pow(Math.abs(power));
    // Divided or multiplied so that more than 64 bits are there, of which the lower are rounded.
    int shift = power < 0 ? ten.bitLength() + 72 : 72;
    BigInteger scaled =
        power < 0 ? BigInteger.ONE.shiftLeft(shift).divide(ten) : ten.shiftLeft(shift);
    int excess = scaled.bitLength() - 64;
    BigInteger rounded = scaled.add(BigInteger.ONE.shiftLeft(excess - 1)).shiftRight(excess);
    SIGNIFICANDS[index] = rounded.longValue();
    EXPONENTS[index] = excess - shift;
  }

  static byte[] of(double value) {
    return text(value).getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(double value) {
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return sign + "0";
    }
    if (Double.isInfinite(magnitude)) {
      return sign + "inf";
    }
    GrisuDouble printed = new GrisuDouble();
    printed.find(magnitude);
    return sign + printed.written(sign.length());
  }

  private void find(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int biased = (int) (bits >>> 52);
    long fraction = bits & (HIDDEN_BIT - 1);
    long significand = biased == 0 ? fraction : fraction | HIDDEN_BIT;
    int exponent = Math.max(biased, 1) - 1075;
    // Half of the way to either neighbour; the lower one is nearer below a power of two.
    int shift = Long.numberOfLeadingZeros(significand);
    long upper = (2 * significand + 1) << (shift - 1);
    long lower =
        significand == HIDDEN_BIT
            ? (4 * significand - 1) << (shift - 2)
            : (2 * significand - 1) << (shift - 1);
    exponent -= shift;
    int power = power(exponent);
    scale = -(LEAST_POWER + power * POWER_STEP);
    long factor = SIGNIFICANDS[power];
    cut(
        product(significand << shift, factor),
        // A unit nearer to each other, as each product may be off by one.
        product(upper, factor) - 1,
        product(lower, factor) + 1,
        -(exponent + EXPONENTS[power] + 64));
  }

  /// The power that brings a significand with `exponent` into reach.
  private static int power(int exponent) {
    int estimate = (int) (-(exponent + POWERS) * LOG_10_OF_2);
    int index = (estimate - LEAST_POWER) / POWER_STEP;
    while (true) {
      int reached = exponent + EXPONENTS[index] + 64;
      if (reached < LEAST_EXPONENT) {
        index++;
      } else if (reached > GREATEST_EXPONENT) {
        index--;
      } else {
        return index;
      }
    }
  }

  /// The upper half of the product, rounded.
  private static long product(long one, long other) {
    return Math.unsignedMultiplyHigh(one, other) + ((one * other) >>> 63);
  }

  /// Cuts `upper`, of which `point` bits stand behind the point, into digits until they are between
  /// the bounds, and moves the last one towards `exact`.
  private void cut(long exact, long upper, long lower, int point) {
    long distance = upper - exact;
    long reach = upper - lower;
    long mask = (1L << point) - 1;
    long whole = upper >>> point;
    long rest = upper & mask;
    int left = 10;
    for (long unit = 1_000_000_000; left > 0; unit /= 10) {
      digit(whole / unit);
      whole %= unit;
      left--;
      long remainder = (whole << point) + rest;
      if (Long.compareUnsigned(remainder, reach) <= 0) {
        scale += left;
        approach(reach, remainder, unit << point, distance);
        return;
      }
    }
    for (long unit = 10; ; unit *= 10) {
      rest *= 10;
      reach *= 10;
      digit(rest >>> point);
      rest &= mask;
      left--;
      if (Long.compareUnsigned(rest, reach) < 0) {
        scale += left;
        approach(reach, rest, 1L << point, distance * unit);
        return;
      }
    }
  }

  private void digit(long digit) {
    if (digit != 0 || !digits.isEmpty()) {
      digits.append((char) ('0' + digit));
    }
  }

  private void approach(long reach, long from, long step, long distance) {
    long at = from;
    while (Long.compareUnsigned(at, distance) < 0
        && Long.compareUnsigned(reach - at, step) >= 0
        && (Long.compareUnsigned(at + step, distance) < 0
            || Long.compareUnsigned(distance - at, at + step - distance) > 0)) {
      int last = digits.length() - 1;
      digits.setCharAt(last, (char) (digits.charAt(last) - 1));
      at += step;
    }
  }

  private String written(int signLength) {
    int count = digits.length();
    int exponent = scale + count - 1;
    if (scale >= 0 && Math.abs(exponent) < count + 7) {
      return digits + "0".repeat(scale);
    }
    if (scale < 0 && (scale > -7 || Math.abs(exponent) < 4)) {
      int whole = count + scale;
      return whole <= 0
          ? "0." + "0".repeat(-whole) + digits
          : digits.substring(0, whole) + "." + digits.substring(whole);
    }
    String shown = digits.substring(0, Math.min(count, MOST_DIGITS - signLength));
    return shown.charAt(0)
        + (shown.length() > 1 ? "." + shown.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }
}
