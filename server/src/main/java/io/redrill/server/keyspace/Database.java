package io.redrill.server.keyspace;

import io.redrill.server.dict.Dict;
import io.redrill.server.type.Value;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One numbered database: keys, values, and which keys expire.
///
/// A key whose time has come is never seen again: every lookup removes it first. Values are changed
/// in place, so a caller that is about to change one must have got it from [#findForWrite(byte[])].
public final class Database {

  private final int index;
  private final Keyspace keyspace;
  private Dict<KeyEntry> entries = new Dict<>();

  /// The entries that expire, in no order, so that one can be drawn at random.
  private KeyEntry[] expiring = new KeyEntry[0];

  private int expiringCount;

  Database(int index, Keyspace keyspace) {
    this.index = index;
    this.keyspace = keyspace;
  }

  /// The database's number.
  public int index() {
    return index;
  }

  /// The number of keys, those that have expired and not been noticed included.
  public int size() {
    return entries.size();
  }

  /// The number of keys that expire.
  public int expiringCount() {
    return expiringCount;
  }

  /// The entry of a key, or null; marks it as used.
  public @Nullable KeyEntry find(byte[] key) {
    KeyEntry entry = peek(key);
    if (entry != null) {
      entry.usedAt(keyspace.clock().millis());
    }
    return entry;
  }

  /// The entry of a key, or null, without marking it as used.
  public @Nullable KeyEntry peek(byte[] key) {
    KeyEntry entry = entries.get(key);
    if (entry != null && entry.isVolatile() && removeIfExpired(entry)) {
      return null;
    }
    return entry;
  }

  /// As [#find(byte[])], for a caller that is about to change the value.
  public @Nullable KeyEntry findForWrite(byte[] key) {
    KeyEntry entry = find(key);
    if (entry != null) {
      beforeChange(entry);
    }
    return entry;
  }

  /// Sets what `key` holds. The key is kept, not copied. An expiry stays only if `keepExpiry`.
  public KeyEntry put(byte[] key, Value value, boolean keepExpiry) {
    keyspace.noteForm(value);
    KeyEntry entry = findForWrite(key);
    if (entry == null) {
      entry = new KeyEntry(key, value, keyspace.clock().millis(), keyspace.epoch());
      entries.add(entry);
    } else {
      entry.value(value);
      if (!keepExpiry) {
        forgetExpiry(entry);
      }
    }
    keyspace.modified(this, key);
    return entry;
  }

  /// Adds a key that is not there, as a load does: without looking for it or telling anybody.
  ///
  /// @param expireAtMillis Unix time, or [KeyEntry#NO_EXPIRY]
  public KeyEntry load(byte[] key, Value value, long expireAtMillis) {
    keyspace.noteForm(value);
    KeyEntry entry = new KeyEntry(key, value, keyspace.clock().millis(), keyspace.epoch());
    entries.add(entry);
    if (expireAtMillis != KeyEntry.NO_EXPIRY) {
      rememberExpiry(entry, expireAtMillis);
    }
    return entry;
  }

  /// Removes a key; returns its entry, or null if there was none (or it had expired).
  public @Nullable KeyEntry remove(byte[] key) {
    KeyEntry entry = peek(key);
    if (entry == null) {
      return null;
    }
    beforeChange(entry);
    unlink(entry);
    keyspace.modified(this, key);
    return entry;
  }

  /// Sets when a key expires: Unix milliseconds, or [KeyEntry#NO_EXPIRY] for never.
  public void expireAt(KeyEntry entry, long millis) {
    beforeChange(entry);
    if (millis == KeyEntry.NO_EXPIRY) {
      forgetExpiry(entry);
    } else {
      rememberExpiry(entry, millis);
    }
    keyspace.modified(this, entry.key());
  }

  /// Walks the entries, expired ones included; see [Dict#scan(long, long, Consumer)].
  public long scan(long cursor, long count, Consumer<? super KeyEntry> visitor) {
    return entries.scan(cursor, count, visitor);
  }

  /// The table of all entries. `SWAPDB` moves it to another database; a flush leaves it as it is
  /// and begins another one.
  public Dict<KeyEntry> table() {
    return entries;
  }

  /// All entries, expired ones included. Nothing may be changed while iterating.
  public Iterable<KeyEntry> entries() {
    return entries;
  }

  /// A random key that has not expired, or null if there is none.
  public @Nullable KeyEntry random(RandomGenerator random) {
    while (!entries.isEmpty()) {
      KeyEntry entry = entries.random(random);
      if (!entry.isVolatile() || !removeIfExpired(entry)) {
        return entry;
      }
    }
    return null;
  }

  /// Removes `entry` and says so to the listeners if its time has come.
  public boolean removeIfExpired(KeyEntry entry) {
    if (!isExpired(entry)) {
      return false;
    }
    beforeChange(entry);
    unlink(entry);
    keyspace.expired(this, entry.key());
    return true;
  }

  /// Whether the key's time has come; never while loading.
  public boolean isExpired(KeyEntry entry) {
    return entry.isVolatile()
        && keyspace.clock().millis() > entry.expireAtMillis()
        && keyspace.removesExpired();
  }

  /// One of the keys that expire, at random. There must be one.
  KeyEntry randomExpiring(RandomGenerator random) {
    return expiring[random.nextInt(expiringCount)];
  }

  void flush() {
    entries = new Dict<>();
    expiring = new KeyEntry[0];
    expiringCount = 0;
  }

  void swapContents(Database other) {
    Dict<KeyEntry> theirEntries = other.entries;
    other.entries = entries;
    entries = theirEntries;
    KeyEntry[] theirExpiring = other.expiring;
    other.expiring = expiring;
    expiring = theirExpiring;
    int theirCount = other.expiringCount;
    other.expiringCount = expiringCount;
    expiringCount = theirCount;
  }

  private void beforeChange(KeyEntry entry) {
    if (entry.epoch() != keyspace.epoch()) {
      keyspace.firstChange(this, entry);
    }
  }

  private void unlink(KeyEntry entry) {
    forgetExpiry(entry);
    entries.remove(entry.key());
  }

  private void rememberExpiry(KeyEntry entry, long millis) {
    if (!entry.isVolatile()) {
      if (expiringCount == expiring.length) {
        expiring = Arrays.copyOf(expiring, Math.max(16, expiringCount * 2));
      }
      entry.expirySlot(expiringCount);
      expiring[expiringCount++] = entry;
    }
    entry.expireAtMillis(millis);
  }

  private void forgetExpiry(KeyEntry entry) {
    if (entry.isVolatile()) {
      KeyEntry last = expiring[--expiringCount];
      expiring[entry.expirySlot()] = last;
      last.expirySlot(entry.expirySlot());
      // The last slot keeps a stale reference until it is overwritten; clear it for the collector.
      expiring = expiringCount == 0 ? new KeyEntry[0] : expiring;
      entry.persist();
    }
  }
}
