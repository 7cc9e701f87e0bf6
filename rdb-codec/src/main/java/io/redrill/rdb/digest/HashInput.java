package io.redrill.rdb.digest;

import io.redrill.rdb.encoding.LittleEndian;
import java.nio.charset.StandardCharsets;

/// A few numbers and hashes being put together to be hashed: numbers as 8 bytes, little-endian; a
/// hash as its upper 64 bits, then its lower.
final class HashInput {

  /// The longest is that of a consumer group, with nine numbers.
  private static final int MAX_BYTES = 96;

  private final byte[] bytes = new byte[MAX_BYTES];
  private int size;

  void clear() {
    size = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void put(long value) {
    LittleEndian.putLong(bytes, size, value);
    size += 8;
  }

  void put(Hash hash) {
    put(hash.high);
    put(hash.low);
  }

  void put(Sum sum) {
    put(sum.high);
    put(sum.low);
  }

  /// Puts the hash of `text`.
  void put(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    Hash hash = new Hash();
    hash.of(encoded, 0, encoded.length);
    put(hash);
  }
}
