package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import java.util.EnumSet;

/// Hashes in a target that may not let fields expire.
final class HashFitting {

  private static final int NEVER = -1;

  /// The earliest time at which a field of Redis can expire: it takes 0 for never.
  private static final long EARLIEST_OF_REDIS = 1;

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
            .map(field ->
                new Field(field.field(), field.value(), fitted(field.expireAtMillis(), target)))
            .toList());
  }

  /// When a field expires in `target` that expires at `expireAtMillis`.
  static long fitted(long expireAtMillis, RdbTarget target) {
    if (expireAtMillis == NEVER || !holds(expireAtMillis, target)) {
      return NEVER;
    }
    return target.dialect() == RdbDialect.VALKEY
        ? expireAtMillis
        : Math.max(EARLIEST_OF_REDIS, expireAtMillis);
  }

  private static boolean holds(long expireAtMillis, RdbTarget target) {
    return target.hasFieldExpiry()
        && (target.dialect() == RdbDialect.VALKEY || expireAtMillis <= LATEST_OF_REDIS);
  }

  /// Passes elements on, and fields with the expiry that they have in `target`.
  record Elements(ElementHandler next, RdbTarget target) implements ElementHandler {

    @Override
    public void element(ByteSlice element) {
      next.element(element);
    }

    @Override
    public void member(ByteSlice member, double score) {
      next.member(member, score);
    }

    @Override
    public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
      next.field(field, value, fitted(expireAtMillis, target));
    }
  }
}
