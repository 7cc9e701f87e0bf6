package io.redrill.rdb.salvage;

import io.redrill.rdb.salvage.RecordWalk.Head;
import java.util.List;
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

  /// The bytes from `offset` to `end`, with the keys in it that begin with one of `heads`.
  ///
  /// @param isLast whether the file ends with it: then a key that leads out of the file was cut;
  ///   else its length is damaged, and says nothing
  static Lost hole(long offset, long end, String reason, List<Head> heads, boolean isLast) {
    long keys = 0;
    long keyBytes = 0;
    for (Head head : heads) {
      if (head.start() >= offset && head.start() < end) {
        boolean isCut = head.leadsOut() && isLast;
        keys++;
        keyBytes += (isCut ? end : Math.min(head.leadsTo(), end)) - head.start();
      }
    }
    return new Lost(offset, end, Optional.empty(), reason, keys, Math.min(keyBytes, end - offset));
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
