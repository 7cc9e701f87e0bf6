package io.redrill.server.keyspace;

import io.redrill.server.dict.Dict;
import io.redrill.server.type.Footprint;
import io.redrill.server.type.RedisString;
import io.redrill.server.type.Value;

/// A key of a database with what is kept about it.
///
/// There is one entry for each key, so what is rare is not kept in it: a string that was given
/// whole is held as its bytes, without an object around them, and only keys that expire have an
/// [Expiring] between the entry and what it holds.
public final class KeyEntry extends Dict.Node implements RedisString.Home {

  /// Stands for a key that does not expire.
  public static final long NO_EXPIRY = -1;

  /// What the key holds and when it goes.
  private static final class Expiring {
    Object held;
    long atMillis;

    /// The place among the database's expiring keys.
    int slot;

    Expiring(Object held) {
      this.held = held;
    }
  }

  /// The bytes of a string, another [Value], or an [Expiring] that holds one of these.
  private Object content;

  /// Unix time, unsigned.
  private int usedAtSeconds;

  /// Twice the epoch of the last change, see [Keyspace#beginEpoch()], and one more if the content
  /// is an [Expiring]: a look at the content itself would often wait for memory.
  private int epochAndExpiring;

  KeyEntry(byte[] key, Value value, long usedAtMillis, int epoch) {
    super(key);
    this.content = value;
    epoch(epoch);
    usedAt(usedAtMillis);
    value(value);
  }

  /// What the key holds. Of a string it is a view, made for each call: changing it changes what the
  /// key holds.
  public Value value() {
    Object held = isVolatile() ? expiring().held : content;
    return held instanceof byte[] bytes ? new RedisString(bytes, this) : (Value) held;
  }

  /// Absolute Unix time in milliseconds, or [#NO_EXPIRY].
  public long expireAtMillis() {
    return isVolatile() ? expiring().atMillis : NO_EXPIRY;
  }

  /// Whether the key expires at all.
  public boolean isVolatile() {
    return (epochAndExpiring & 1) != 0;
  }

  /// When the key was last used, Unix milliseconds, to the second.
  public long usedAtMillis() {
    return (usedAtSeconds & 0xffff_ffffL) * 1000;
  }

  /// Whether the key has been made or changed since `epoch` began.
  public boolean changedSince(int epoch) {
    return epoch() >= epoch;
  }

  /// Sets the time of last use, Unix milliseconds; what lies before 1970 counts as then.
  public void usedAt(long millis) {
    usedAtSeconds = (int) Math.max(0, millis / 1000);
  }

  /// How many bytes of memory the key takes with all that it holds: the entry with its slots in the
  /// table, the key, the value, the expiry.
  public long sizeBytes() {
    Object held = isVolatile() ? expiring().held : content;
    long value =
        held instanceof byte[] bytes ? Footprint.array(bytes.length) : ((Value) held).sizeBytes();
    long expiry = isVolatile() ? Footprint.object(16) + 4 : 0;
    return Footprint.NODE_BYTES + 8 + Footprint.array(key().length) + value + expiry;
  }

  @Override
  public void changed(RedisString string) {
    value(string);
  }

  /// The epoch of the last change.
  int epoch() {
    return epochAndExpiring >>> 1;
  }

  void epoch(int next) {
    epochAndExpiring = next << 1 | (epochAndExpiring & 1);
  }

  void value(Value next) {
    Object held = next instanceof RedisString string ? string.heldBy(this) : next;
    if (isVolatile()) {
      expiring().held = held;
    } else {
      content = held;
    }
  }

  /// Sets when the key expires, which must have a place among those that do.
  void expireAtMillis(long millis) {
    expiring().atMillis = millis;
  }

  /// The place among the database's expiring keys; only of a key that expires.
  int expirySlot() {
    return expiring().slot;
  }

  /// Has the key expire, if it did not, and sets its place among those that do.
  void expirySlot(int slot) {
    if (!isVolatile()) {
      content = new Expiring(content);
      epochAndExpiring |= 1;
    }
    expiring().slot = slot;
  }

  /// Has the key not expire any more.
  void persist() {
    content = expiring().held;
    epochAndExpiring &= ~1;
  }

  private Expiring expiring() {
    return (Expiring) content;
  }
}
