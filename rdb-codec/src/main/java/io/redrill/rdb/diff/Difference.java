package io.redrill.rdb.diff;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.spill.KeyIdentity;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// A key in which two files differ.
///
/// @param key its bytes; of one longer than [io.redrill.rdb.spill.KeyIdentity#WHOLE_BYTES] the
///   beginning
/// @param keyLength its whole length
/// @param keyHash of a longer one, a hash of all of it in hexadecimal digits
/// @param before what the first file holds; empty if it does not have the key
/// @param after what the second file holds; empty if it does not have the key
public record Difference(
    int db,
    byte[] key,
    int keyLength,
    Optional<String> keyHash,
    Change change,
    Optional<State> before,
    Optional<State> after) {

  /// By database, then key; the shorter first.
  public static final Comparator<Difference> ORDER =
      Comparator.comparingInt(Difference::db)
          .thenComparing(Difference::key, Arrays::compareUnsigned)
          .thenComparingInt(Difference::keyLength)
          .thenComparing(difference -> difference.keyHash().orElse(""));

  /// The key as a person reads it; no two look alike.
  public String keyText() {
    return KeyIdentity.text(key, keyLength, keyHash);
  }

  /// What a file holds under a key.
  ///
  /// @param expireAtMillis Unix time, or [io.redrill.rdb.RdbRecord.Entry#NO_EXPIRY]
  /// @param elements of the value
  public record State(RdbKind kind, long expireAtMillis, long elements) {}

  /// How the second file differs from the first.
  public enum Change {
    /// Only the second has the key.
    ADDED,
    /// Only the first has it.
    REMOVED,
    /// Both have it, of another kind.
    KIND,
    /// Both have it, with another value of the same kind.
    VALUE,
    /// The values are the same, and expire at another time.
    EXPIRY;

    /// The word in the output.
    public String word() {
      return switch (this) {
        case ADDED -> "added";
        case REMOVED -> "removed";
        case KIND -> "kind changed";
        case VALUE -> "changed";
        case EXPIRY -> "expiry changed";
      };
    }
  }
}
