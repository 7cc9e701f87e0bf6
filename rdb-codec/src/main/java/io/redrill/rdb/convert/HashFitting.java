package io.redrill.rdb.convert;

import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import java.util.EnumSet;

/// Hashes in a target that may not let fields expire.
final class HashFitting {

  private static final int NEVER = -1;

  /// The latest time at which a field of Redis can expire.
  private static final long LATEST_OF_REDIS = (1L << 48) - 1;

  private HashFitting() {}

  static EnumSet<Loss> losses(ValueFacts hash, RdbTarget target) {
    long latest = hash.latestFieldExpiry();
    return latest == NEVER || holds(latest, target)
        ? RecordFitting.none()
        : EnumSet.of(Loss.FIELD_EXPIRY);
  }

  /// `hash` without what the target cannot hold.
  static HashValue fitted(HashValue hash, RdbTarget target) {
    return new HashValue(
        hash.fields().stream()
            .map(field -> new Field(field.field(), field.value(), expiry(field, target)))
            .toList());
  }

  private static long expiry(Field field, RdbTarget target) {
    return holds(field.expireAtMillis(), target) ? field.expireAtMillis() : NEVER;
  }

  private static boolean holds(long expireAtMillis, RdbTarget target) {
    return target.hasFieldExpiry()
        && (target.dialect() == RdbDialect.VALKEY || expireAtMillis <= LATEST_OF_REDIS);
  }
}
