package io.redrill.rdb.stats;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;

/// A key that is among the biggest.
///
/// @param key its bytes; of a very long one the first [#MAX_KEY_BYTES]
/// @param keyLength its whole length
/// @param expireAtMillis Unix time, or [io.redrill.rdb.RdbRecord.Entry#NO_EXPIRY]
public record BigKey(
    int db,
    byte[] key,
    int keyLength,
    RdbType type,
    RdbKind kind,
    long storedBytes,
    long elements,
    long memoryBytes,
    long expireAtMillis) {

  /// No more than this is kept of a key.
  public static final int MAX_KEY_BYTES = 1024;

  /// Whether only the beginning of the key is here.
  public boolean isCut() {
    return key.length < keyLength;
  }
}
