package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.encoding.Murmur3;
import io.redrill.rdb.encoding.Xxh3;

/// A hash of 128 bits, in place: of bytes by XXH3, and of hashes and numbers by [#combine].
///
/// It is meant to tell data sets apart, not to withstand somebody who searches for two that look
/// alike.
final class Hash {

  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final Xxh3 xxh3 = new Xxh3();
  long high;
  long low;

  void of(ByteSlice bytes) {
    of(bytes.array(), bytes.offset(), bytes.length());
  }

  void of(byte[] bytes, int from, int length) {
    xxh3.hash(bytes, from, length);
    high = xxh3.high();
    low = xxh3.low();
  }

  /// Begins with zero.
  void clear() {
    high = 0;
    low = 0;
  }

  void of(Sum sum) {
    high = sum.high;
    low = sum.low;
  }

  /// Takes in `other`; what is taken in first and what second makes a difference.
  void combine(Hash other) {
    combine(other.high, other.low);
  }

  /// Takes in the number `number`.
  void combine(long number) {
    combine(0, number);
  }

  void combine(long otherHigh, long otherLow) {
    low = Murmur3.mix(low + Long.rotateLeft(otherHigh, 32) + otherLow * SPREAD);
    high = Murmur3.mix(high + Long.rotateLeft(otherLow, 32) + otherHigh * SPREAD);
  }
}
