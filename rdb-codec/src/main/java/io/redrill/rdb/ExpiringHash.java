package io.redrill.rdb;

import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.util.Comparator;

/// Encodes hashes whose fields can expire, in the three forms that exist; [ValueWalker] reads them.
///
/// | type | layout |
/// |---|---|
/// | 24 | lowest expiry (8), count, then per field: expiry, field, value; an expiry is 0 for never, else its distance from the lowest, plus 1 |
/// | 25 | lowest expiry (8), listpack of field, value, expiry (0 for never), earliest first |
/// | 22 of Valkey | count, then per field: field, value, expiry (8; -1 for never) |
final class ExpiringHash {

  private ExpiringHash() {}

  static RdbType encode(HashValue hash, int version, boolean isSmall, RdbOutput out)
      throws TargetTooOldException {
    if (RdbDialect.ofVersion(version) == RdbDialect.VALKEY) {
      encodeValkey(hash, out);
      return RdbType.HASH_2_VALKEY;
    }
    if (!RdbVersions.holds(version, RdbType.HASH_METADATA)) {
      throw new TargetTooOldException("a hash with expiring fields", version);
    }
    long lowest =
        hash.fields().stream()
            .mapToLong(Field::expireAtMillis)
            .filter(expiry -> expiry >= 0)
            .min()
            .orElse(0);
    out.putLongLittleEndian(lowest);
    // A listpack has no way to say that a field expired at the beginning of 1970.
    if (isSmall && hash.fields().stream().allMatch(field -> field.expireAtMillis() != 0)) {
      encodeListpack(hash, out);
      return RdbType.HASH_LISTPACK_EX;
    }
    out.putLength(hash.fields().size());
    for (Field field : hash.fields()) {
      out.putLength(field.expireAtMillis() < 0 ? 0 : field.expireAtMillis() - lowest + 1);
      out.putString(field.field());
      out.putString(field.value());
    }
    return RdbType.HASH_METADATA;
  }

  private static void encodeListpack(HashValue hash, RdbOutput out) {
    ListpackBuilder builder = new ListpackBuilder();
    hash.fields().stream()
        .sorted(
            Comparator.comparingLong(
                field -> field.expireAtMillis() < 0 ? Long.MAX_VALUE : field.expireAtMillis()))
        .forEach(field ->
            builder.add(field.field()).add(field.value()).add(Math.max(0, field.expireAtMillis())));
    out.putString(builder.build().bytes());
  }

  private static void encodeValkey(HashValue hash, RdbOutput out) {
    out.putLength(hash.fields().size());
    for (Field field : hash.fields()) {
      out.putString(field.field());
      out.putString(field.value());
      out.putLongLittleEndian(field.expireAtMillis());
    }
  }
}
