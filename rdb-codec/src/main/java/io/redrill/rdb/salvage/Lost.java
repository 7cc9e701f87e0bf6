package io.redrill.rdb.salvage;

import java.util.Optional;

/// A range of bytes that is given up, and what is known of the keys in it.
///
/// @param heads how many keys begin in it for sure, as far as anything in a damaged file is sure
/// @param headBytes how many of the bytes are theirs
record Lost(
    long offset, long end, Optional<String> key, String reason, long heads, long headBytes) {

  /// A key whose name is known.
  static Lost named(long offset, long end, Optional<String> key, String reason) {
    return new Lost(offset, end, key, reason, 1, end - offset);
  }

  /// Something that holds no keys that anything is known of.
  static Lost bytes(long offset, long end, String reason) {
    return new Lost(offset, end, Optional.empty(), reason, 0, 0);
  }

  boolean isNamed() {
    return key.isPresent();
  }

  /// The bytes of which nobody knows whose they are.
  long unknownBytes() {
    return isNamed() ? 0 : end - offset - headBytes;
  }

  Loss with(long keys) {
    return new Loss(offset, end, keys, key, reason);
  }
}
