package io.redrill.rdb.check;

import java.util.Optional;
import java.util.OptionalInt;

/// Something that a check noticed.
///
/// @param offset of the record it is about, or of the byte at which damage showed
/// @param db the database of the key, where a key is meant
/// @param key the key as [io.redrill.rdb.KeyText] shows it
/// @param sentence what was noticed, in lower case and without a full stop
public record Finding(
    Severity severity, long offset, OptionalInt db, Optional<String> key, String sentence) {

  /// How bad it is.
  public enum Severity {
    /// Good to know; nothing is wrong.
    INFO,
    /// A server loads it, but perhaps not as one would expect.
    WARNING,
    /// Damage: a server refuses it, or would hold wrong data.
    ERROR
  }
}
