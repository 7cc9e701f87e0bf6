package io.redrill.rdb.digest;

import java.util.HexFormat;

/// A number of 128 bits, which is added modulo 2^128.
///
/// @param high the upper 64 bits
/// @param low the lower 64 bits
public record Digest128(long high, long low) {

  /// The digest of nothing.
  public static final Digest128 ZERO = new Digest128(0, 0);

  /// The sum of both.
  public Digest128 plus(Digest128 other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest128(high + other.high + carry, sum);
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
