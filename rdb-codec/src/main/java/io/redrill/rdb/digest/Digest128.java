package io.redrill.rdb.digest;

import java.util.HexFormat;

/// A number of 128 bits, which is added and subtracted modulo 2^128.
///
/// @param high the upper 64 bits
/// @param low the lower 64 bits
public record Digest128(long high, long low) {

  /// The digest of nothing.
  public static final Digest128 ZERO = new Digest128(0, 0);

  private static final int HEX_DIGITS = 32;

  /// Reads what [#hex()] gives.
  ///
  /// @throws IllegalArgumentException if `hex` is not 32 hexadecimal digits
  public static Digest128 parse(String hex) {
    if (hex.length() != HEX_DIGITS) {
      throw new IllegalArgumentException("a digest has 32 hexadecimal digits");
    }
    return new Digest128(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  /// The sum of both.
  public Digest128 plus(Digest128 other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest128(high + other.high + carry, sum);
  }

  /// The difference of both.
  public Digest128 minus(Digest128 other) {
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new Digest128(high - other.high - borrow, low - other.low);
  }

  /// 32 hexadecimal digits, the highest first.
  public String hex() {
    HexFormat digits = HexFormat.of();
    return digits.toHexDigits(high) + digits.toHexDigits(low);
  }

  @Override
  public String toString() {
    return hex();
  }
}
