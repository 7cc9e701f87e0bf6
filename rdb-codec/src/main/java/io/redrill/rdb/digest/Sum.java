package io.redrill.rdb.digest;

/// A sum of hashes modulo 2^128, in place.
final class Sum {

  long high;
  long low;

  void clear() {
    high = 0;
    low = 0;
  }

  void add(Hash hash) {
    add(hash.high, hash.low);
  }

  void add(long addedHigh, long addedLow) {
    long sum = low + addedLow;
    high += addedHigh + (Long.compareUnsigned(sum, addedLow) < 0 ? 1 : 0);
    low = sum;
  }
}
