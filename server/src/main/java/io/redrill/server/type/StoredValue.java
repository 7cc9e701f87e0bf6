package io.redrill.server.type;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.TargetTooOldException;
import java.util.Optional;

/// A value as it stands in an RDB file or a `DUMP`, and the way from there to a [Value] and back.
///
/// @param type how the bytes are to be read
/// @param bytes the value after its key; constant
public record StoredValue(RdbType type, byte[] bytes) {

  /// Encodes `value` in the oldest form that holds all of it; `compression` packs long strings.
  public static StoredValue of(Value value, boolean compression) throws TargetTooOldException {
    return switch (value) {
      case OpaqueValue opaque -> new StoredValue(opaque.type(), opaque.bytes());
      case DecodedValue decoded -> {
        RdbValue rdb = decoded.toRdb();
        RdbValueEncoder.Encoded encoded =
            new RdbValueEncoder(RdbVersions.oldestHolding(rdb), compression, PackingLimits.DEFAULT)
                .encode(rdb);
        yield new StoredValue(encoded.type(), encoded.value());
      }
    };
  }

  /// Decodes the value; empty for a collection without elements, which is no value to a server.
  /// What no command can work on stays as it is.
  ///
  /// @throws FormatException if the bytes are damaged
  public Optional<Value> toValue(EncodingLimits limits) throws FormatException {
    return switch (RdbValues.decode(type, bytes)) {
      case RdbValue.StringValue string -> Optional.of(new RedisString(string.bytes()));
      case RdbValue.ListValue list -> list(list);
      case RdbValue.SetValue set -> set(set, limits);
      case RdbValue.SortedSetValue sortedSet -> sortedSet(sortedSet, limits);
      case RdbValue.HashValue hash -> hash(hash, limits);
      case RdbValue.StreamValue stream -> Optional.of(new RedisStream(stream));
      case RdbValue.ModuleValue _ -> Optional.of(new OpaqueValue(type, bytes));
    };
  }

  private static Optional<Value> list(RdbValue.ListValue stored) {
    RedisList list = new RedisList();
    stored.elements().forEach(list::addLast);
    return list.size() == 0 ? Optional.empty() : Optional.of(list);
  }

  private static Optional<Value> set(RdbValue.SetValue stored, EncodingLimits limits) {
    RedisSet set = new RedisSet();
    stored.members().forEach(member -> set.add(member, limits));
    return set.size() == 0 ? Optional.empty() : Optional.of(set);
  }

  private static Optional<Value> sortedSet(RdbValue.SortedSetValue stored, EncodingLimits limits) {
    RedisSortedSet sortedSet = new RedisSortedSet();
    stored.members().forEach(one -> sortedSet.put(one.member(), one.score(), limits));
    return sortedSet.size() == 0 ? Optional.empty() : Optional.of(sortedSet);
  }

  private Optional<Value> hash(RdbValue.HashValue stored, EncodingLimits limits) {
    if (stored.fields().stream().anyMatch(field -> field.expireAtMillis() >= 0)) {
      return Optional.of(new OpaqueValue(type, bytes));
    }
    RedisHash hash = new RedisHash();
    stored.fields().forEach(field -> hash.put(field.field(), field.value(), limits));
    return hash.size() == 0 ? Optional.empty() : Optional.of(hash);
  }
}
