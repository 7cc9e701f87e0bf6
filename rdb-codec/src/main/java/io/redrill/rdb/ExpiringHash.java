package io.redrill.rdb;

import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Hashes whose fields can expire, in the three forms that exist.
///
/// | type | layout |
/// |---|---|
/// | 24 | lowest expiry (8), count, then per field: expiry, field, value; an expiry is 0 for never, else its distance from the lowest, plus 1 |
/// | 25 | lowest expiry (8), listpack of field, value, expiry (0 for never), earliest first |
/// | 22 of Valkey | count, then per field: field, value, expiry (8; -1 for never) |
final class ExpiringHash {

  private static final int NEVER = -1;
  private static final int REDIS_VERSION = 12;

  private ExpiringHash() {}

  static List<Field> decodeMetadata(RdbInput in) throws IOException {
    long lowest = in.bytes().readLongLittleEndian();
    List<Field> fields = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      long distance = in.length();
      fields.add(
          new Field(in.string(), in.string(), distance == 0 ? NEVER : lowest + distance - 1));
    }
    return fields;
  }

  static List<Field> decodeListpack(RdbInput in) throws IOException {
    in.bytes().readLongLittleEndian();
    List<byte[]> elements = Listpack.parse(in.string()).elements();
    if (elements.size() % 3 != 0) {
      throw in.corrupt("a hash with expiring fields does not hold triples");
    }
    List<Field> fields = new ArrayList<>(elements.size() / 3);
    for (int i = 0; i < elements.size(); i += 3) {
      if (!DecimalText.isLong(elements.get(i + 2))) {
        throw in.corrupt("the expiry of a hash field is no integer");
      }
      long expiry = DecimalText.parse(elements.get(i + 2));
      fields.add(new Field(elements.get(i), elements.get(i + 1), expiry == 0 ? NEVER : expiry));
    }
    return fields;
  }

  static List<Field> decodeValkey(RdbInput in) throws IOException {
    List<Field> fields = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      fields.add(new Field(in.string(), in.string(), in.bytes().readLongLittleEndian()));
    }
    return fields;
  }

  static RdbType encode(HashValue hash, int version, boolean isSmall, RdbOutput out)
      throws TargetTooOldException {
    if (RdbDialect.ofVersion(version) == RdbDialect.VALKEY) {
      encodeValkey(hash, out);
      return RdbType.HASH_2_VALKEY;
    }
    if (version < REDIS_VERSION) {
      throw new TargetTooOldException("a hash with expiring fields", version);
    }
    long lowest =
        hash.fields().stream()
            .mapToLong(Field::expireAtMillis)
            .filter(expiry -> expiry >= 0)
            .min()
            .orElse(0);
    out.putLongLittleEndian(lowest);
    if (isSmall) {
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
