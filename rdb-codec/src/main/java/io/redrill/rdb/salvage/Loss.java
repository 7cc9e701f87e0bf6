package io.redrill.rdb.salvage;

import java.util.Optional;

/// A range of bytes that is given up.
///
/// @param offset of the first byte
/// @param end the offset after the last byte; equal to `offset` where the file simply ends
/// @param keys how many keys stood there: one where the key is named, else an estimate
/// @param key the key as [io.redrill.rdb.KeyText] shows it, where only its value is damaged
/// @param reason what was found, in lower case and without a full stop
public record Loss(long offset, long end, long keys, Optional<String> key, String reason) {

  /// The number of bytes given up.
  public long bytes() {
    return end - offset;
  }
}
