package io.redrill.rdb;

import java.math.BigInteger;

/// Decimal fractions as doubles, by one multiplication.
///
/// A number d × 10^p is d × 5^p × 2^p, and of 5^p the first 64 bits are looked up, cut off. The
/// product with `d` has then at least 62 bits, of which a double takes 53. What was cut off can add
/// at most one to the last of them; where that could change the rounding the answer is left to
/// others. (The method is that of Lemire, "Number parsing at a gigabyte per second", 2021, without
/// its second multiplication.)
final class DecimalDouble {

  private static final int MOST_POWER = 40;
  private static final int FRACTION_BITS = 52;

  /// The first 64 bits of 5^p for each p from -40 to 40, the highest of them set.
  private static final long[] FIVES = new long[2 * MOST_POWER + 1];

  /// By which power of two each of [#FIVES] is to be multiplied.
  private static final int[] SCALES = new int[FIVES.length];

  static {
    for (int power = -MOST_POWER; power <= MOST_POWER; power++) {
      BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
      int scale = five.bitLength() - 64;
      if (power < 0) {
        scale = -five.bitLength() - 63;
        five = BigInteger.ONE.shiftLeft(-scale).divide(five);
      } else {
        five = scale > 0 ? five.shiftRight(scale) : five.shiftLeft(-scale);
      }
      FIVES[power + MOST_POWER] = five.longValue();
      SCALES[power + MOST_POWER] = scale;
    }
  }

  private DecimalDouble() {}

  /// The double next to `digits` × 10^`power`, or NaN where this cannot tell; `digits` is unsigned.
  static double of(long digits, int power) {
    if (digits == 0) {
      return 0;
    }
    if (power < -MOST_POWER || power > MOST_POWER) {
      return Double.NaN;
    }
    int shift = Long.numberOfLeadingZeros(digits);
    long product = Math.unsignedMultiplyHigh(digits << shift, FIVES[power + MOST_POWER]);
    int rest = product < 0 ? 11 : 10;
    int half = 1 << (rest - 1);
    int tail = (int) product & ((1 << rest) - 1);
    if (tail == half || tail == half - 1) {
      return Double.NaN;
    }
    long mantissa = (product >>> rest) + (tail > half ? 1 : 0);
    int exponent = SCALES[power + MOST_POWER] + power - shift + 64 + rest;
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits((double) mantissa) + ((long) exponent << FRACTION_BITS));
  }
}
