package io.redrill.server.keyspace;

import io.redrill.server.dict.Dict;
import io.redrill.server.type.Value;

/// A key of a database with what is kept about it.
public final class KeyEntry extends Dict.Node {

  /// Stands for a key that does not expire.
  public static final long NO_EXPIRY = -1;

  private Value value;
  private long expireAtMillis = NO_EXPIRY;
  private long usedAtMillis;

  /// The place among the database's expiring keys; meaningful only with an expiry.
  int expirySlot = -1;

  /// The epoch of the last change, see [Keyspace#beginEpoch()].
  int epoch;

  KeyEntry(byte[] key, Value value, long usedAtMillis, int epoch) {
    super(key);
    this.value = value;
    this.usedAtMillis = usedAtMillis;
    this.epoch = epoch;
  }

  /// What the key holds.
  public Value value() {
    return value;
  }

  /// Absolute Unix time in milliseconds, or [#NO_EXPIRY].
  public long expireAtMillis() {
    return expireAtMillis;
  }

  /// Whether the key expires at all.
  public boolean isVolatile() {
    return expireAtMillis != NO_EXPIRY;
  }

  /// When the key was last used, Unix milliseconds.
  public long usedAtMillis() {
    return usedAtMillis;
  }

  /// Whether the key has been made or changed since `epoch` began.
  public boolean changedSince(int epoch) {
    return this.epoch >= epoch;
  }

  /// Sets the time of last use, Unix milliseconds.
  public void usedAt(long millis) {
    usedAtMillis = millis;
  }

  void value(Value next) {
    value = next;
  }

  void expireAtMillis(long millis) {
    expireAtMillis = millis;
  }
}
