package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;

/// The latest hash: XXH3 with 128 bits and seed 0.
///
/// It is meant to tell data sets apart, not to withstand somebody who searches for two that look
/// alike.
final class Hash {

  long high;
  long low;

  void of(ByteSlice bytes) {
    of(bytes.array(), bytes.offset(), bytes.length());
  }

  void of(HashInput input) {
    of(input.bytes(), 0, input.size());
  }

  void of(byte[] bytes, int from, int length) {
    Digest128 hash =
        HashedBytes.hash(java.util.Arrays.copyOfRange(bytes, from, from + length), length);
    high = hash.high();
    low = hash.low();
  }
}
