package io.redrill.rdb.convert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a target may be unable to hold, and what then becomes of it where the loss is accepted.
///
/// Hints are no loss: slot sizes and table sizes only help a server to allocate.
public enum Loss {
  FIELD_EXPIRY("expiries of hash fields", "the fields stay, and never expire"),
  MEMBER_EXPIRY("KeyDB's expiries of members", "the members stay, and never expire"),
  FUNCTIONS("function libraries", "they are left out"),
  VECTOR_SETS("vector sets", "the keys are left out"),
  ACTIVE_TIMES("when a stream's consumers were last active", "it is forgotten"),
  STREAM_COUNTS(
      "how many entries a stream ever got and its groups read", "a newer server estimates it anew"),
  IDEMPOTENCE("what streams remember of their producers", "messages sent again become new entries"),
  UNOWNED_ENTRIES("pending entries that consumers gave back", "they are no longer pending"),
  KEY_METADATA("what modules keep about keys", "it is left out"),
  SLOT_IMPORT("the slots of an import in progress", "the import has to begin again"),
  UNKNOWN_RECORDS("records that only the writing product carries out", "they are left out"),
  UNKNOWN_TYPES("values of types that have no other form", "the keys are left out");

  private final String content;
  private final String effect;

  Loss(String content, String effect) {
    this.content = content;
    this.effect = effect;
  }

  /// The loss with this [#id].
  public static Optional<Loss> named(String id) {
    String lower = id.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(loss -> loss.id().equals(lower)).findFirst();
  }

  /// A word for options and output, as `field-expiry`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What cannot be held.
  public String content() {
    return content;
  }

  /// What becomes of it.
  public String effect() {
    return effect;
  }

  /// Whether whole keys are lost. A server that meets such a key in a file does not load the file.
  public boolean leavesKeysOut() {
    return this == VECTOR_SETS || this == UNKNOWN_TYPES;
  }

  @Override
  public String toString() {
    return id();
  }
}
