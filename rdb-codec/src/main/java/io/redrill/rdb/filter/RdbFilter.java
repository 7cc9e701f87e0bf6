package io.redrill.rdb.filter;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which keys are meant: those for which each condition holds that was given. Decided by what
/// stands in front of a value, so that no value is decoded. Never changes; may be shared by
/// threads.
///
/// @param databases these only; empty: all
/// @param keys keys that match one of these; empty: all
/// @param exceptKeys and none of these
/// @param kinds values of these kinds only; empty: all
/// @param slots keys of these slots only
/// @param expiries all of these hold
public record RdbFilter(
    Set<Integer> databases,
    List<KeyGlob> keys,
    List<KeyGlob> exceptKeys,
    Set<RdbKind> kinds,
    Optional<SlotSet> slots,
    List<ExpiryCondition> expiries) {

  /// Means every key.
  public static final RdbFilter ALL =
      new RdbFilter(Set.of(), List.of(), List.of(), Set.of(), Optional.empty(), List.of());

  /// Copies what is given.
  public RdbFilter {
    databases = Set.copyOf(databases);
    keys = List.copyOf(keys);
    exceptKeys = List.copyOf(exceptKeys);
    kinds = Set.copyOf(kinds);
    expiries = List.copyOf(expiries);
  }

  /// Whether no condition was given.
  public boolean isAll() {
    return equals(ALL);
  }

  /// Whether the key that `cursor` is at is meant.
  public boolean keeps(RdbCursor cursor) {
    return keeps(cursor.db(), cursor.key(), cursor.expireAtMillis(), cursor.type());
  }

  /// Whether the key `key` of database `db` is meant, whose value is stored as `type`.
  ///
  /// @param expireAtMillis Unix time, or [RdbRecord.Entry#NO_EXPIRY]
  public boolean keeps(int db, ByteSlice key, long expireAtMillis, RdbType type) {
    return (databases.isEmpty() || databases.contains(db))
        && (kinds.isEmpty() || kinds.contains(type.kind()))
        && holds(expireAtMillis)
        && (keys.isEmpty() || matchesAny(keys, key))
        && !matchesAny(exceptKeys, key)
        && (slots.isEmpty() || slots.get().contains(KeySlot.of(key)));
  }

  private boolean holds(long expireAtMillis) {
    for (ExpiryCondition expiry : expiries) {
      if (!expiry.holds(expireAtMillis)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matchesAny(List<KeyGlob> patterns, ByteSlice key) {
    for (KeyGlob pattern : patterns) {
      if (pattern.matches(key)) {
        return true;
      }
    }
    return false;
  }
}
