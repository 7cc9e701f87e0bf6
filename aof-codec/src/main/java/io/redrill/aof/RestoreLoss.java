package io.redrill.aof;

import java.util.Locale;

/// What has no command, and is therefore not in what [RestoreCommands] write.
public enum RestoreLoss {
  KEY_METADATA("what modules keep about keys", "keys", "no command carries it"),
  FUNCTIONS("function libraries", "libraries", "servers before Redis 7.0 have none"),
  FIELD_EXPIRIES(
      "when fields of hashes expire", "fields", "servers before Redis 7.4 have no such command"),
  LATE_FIELD_EXPIRIES(
      "when fields of hashes expire, if that is after the year 4199",
      "fields",
      "Redis takes none so late by a command, and they never expire"),
  IDLE_TIMES("idle times and use frequencies", "keys", "the server counts them anew"),
  DELETED_PENDING(
      "pending entries that were deleted", "entries", "XCLAIM drops them, as it would there"),
  UNOWNED_ENTRIES(
      "pending entries that consumers gave back", "entries", "they are no longer pending"),
  CONSUMERS(
      "consumers with nothing pending", "consumers", "they come back with what they next read"),
  CONSUMER_TIMES(
      "when consumers were last seen and active",
      "consumers",
      "it is the time at which the commands run"),
  STREAM_COUNTS(
      "how many entries a stream ever got and its groups read",
      "streams",
      "a newer server estimates it anew"),
  IDEMPOTENCE(
      "what streams remember of their producers",
      "streams",
      "messages sent again become new entries");

  private final String content;
  private final String unit;
  private final String effect;

  RestoreLoss(String content, String unit, String effect) {
    this.content = content;
    this.unit = unit;
    this.effect = effect;
  }

  /// A word for it, as `key-metadata`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What is lost.
  public String content() {
    return content;
  }

  /// What is counted, in the plural.
  public String unit() {
    return unit;
  }

  /// What becomes of it, or why there is no command.
  public String effect() {
    return effect;
  }
}
