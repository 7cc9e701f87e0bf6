package io.redrill.rdb.filter;

import io.redrill.rdb.RdbRecord;

/// What is asked of the time at which a key expires. All times are Unix milliseconds.
public sealed interface ExpiryCondition {

  /// Whether a key that expires at `expireAtMillis`, or never ([RdbRecord.Entry#NO_EXPIRY]), is
  /// meant.
  boolean holds(long expireAtMillis);

  /// The key expires at some time.
  record Present() implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis != RdbRecord.Entry.NO_EXPIRY;
    }
  }

  /// The key never expires.
  record Absent() implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis == RdbRecord.Entry.NO_EXPIRY;
    }
  }

  /// The key expires before `millis`; those that never do are not meant.
  record Before(long millis) implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis != RdbRecord.Entry.NO_EXPIRY && expireAtMillis < millis;
    }
  }

  /// The key expires at `millis` or later; those that never do are not meant.
  record NotBefore(long millis) implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis != RdbRecord.Entry.NO_EXPIRY && expireAtMillis >= millis;
    }
  }

  /// The key is there at `millis`: it never expires, or later.
  record AliveAt(long millis) implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis == RdbRecord.Entry.NO_EXPIRY || expireAtMillis > millis;
    }
  }

  /// A server that loads the file at `millis` finds the key expired.
  record ExpiredAt(long millis) implements ExpiryCondition {
    @Override
    public boolean holds(long expireAtMillis) {
      return expireAtMillis != RdbRecord.Entry.NO_EXPIRY && expireAtMillis <= millis;
    }
  }
}
