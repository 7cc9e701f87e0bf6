package io.redrill.server.type;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.PackedValues;
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
/// Packed values are the same bytes in both, and are copied. Only tables, streams and the encodings
/// of older releases are taken apart and put together.
///
/// @param type how the bytes are to be read
/// @param bytes the value after its key; constant
public record StoredValue(RdbType type, byte[] bytes) {

  /// Encodes `value` in the oldest form that holds all of it; `compression` packs long strings.
  public static StoredValue of(Value value, boolean compression) throws TargetTooOldException {
    return switch (value) {
      case OpaqueValue opaque -> new StoredValue(opaque.type(), opaque.bytes());
      case RedisString string -> packed(RdbType.STRING, string.bytes(), compression);
      case RedisHash hash when hash.packed() != null ->
          packed(RdbType.HASH_LISTPACK, hash.packed(), compression);
      case RedisSortedSet sortedSet when sortedSet.packed() != null ->
          packed(RdbType.ZSET_LISTPACK, sortedSet.packed(), compression);
      case RedisSet set when set.integers() != null ->
          packed(RdbType.SET_INTSET, set.integers(), compression);
      case RedisList list ->
          new StoredValue(
              RdbType.LIST_QUICKLIST_2, PackedValues.storeNodes(list.nodes(), compression));
      case DecodedValue decoded -> encode(decoded.toRdb(), compression);
    };
  }

  private static StoredValue packed(RdbType type, byte[] packed, boolean compression) {
    return new StoredValue(type, PackedValues.store(packed, compression));
  }

  private static StoredValue encode(RdbValue value, boolean compression)
      throws TargetTooOldException {
    RdbValueEncoder.Encoded encoded =
        new RdbValueEncoder(RdbVersions.oldestHolding(value), compression, PackingLimits.DEFAULT)
            .encode(value);
    return new StoredValue(encoded.type(), encoded.value());
  }

  /// Decodes the value; empty for a collection without elements, which is no value to a server.
  /// What no command can work on stays as it is.
  ///
  /// @throws FormatException if the bytes are damaged, a member that is there twice included
  public Optional<Value> toValue(EncodingLimits limits) throws FormatException {
    return switch (type) {
      case HASH_LISTPACK -> hash(RedisHash.of(PackedValues.listpack(bytes), limits));
      case ZSET_LISTPACK -> sortedSet(RedisSortedSet.of(PackedValues.listpack(bytes), limits));
      case SET_LISTPACK -> set(RedisSet.of(PackedValues.listpack(bytes), limits));
      case SET_INTSET -> set(RedisSet.of(PackedValues.intset(bytes), limits));
      case LIST_QUICKLIST_2 -> list(RedisList.of(PackedValues.nodes(bytes)));
      default -> decode(limits);
    };
  }

  private Optional<Value> decode(EncodingLimits limits) throws FormatException {
    return switch (RdbValues.decode(type, bytes)) {
      case RdbValue.StringValue string -> Optional.of(new RedisString(string.bytes()));
      case RdbValue.ListValue stored -> {
        RedisList list = new RedisList();
        stored.elements().forEach(element -> list.addLast(element, limits));
        yield list(list);
      }
      case RdbValue.SetValue stored -> set(RedisSet.of(stored, limits));
      case RdbValue.SortedSetValue stored -> sortedSet(RedisSortedSet.of(stored, limits));
      case RdbValue.HashValue stored ->
          stored.fields().stream().anyMatch(field -> field.expireAtMillis() >= 0)
              ? Optional.of(new OpaqueValue(type, bytes))
              : hash(RedisHash.of(stored, limits));
      case RdbValue.StreamValue stream -> Optional.of(new RedisStream(stream));
      case RdbValue.ModuleValue _,
          RdbValue.VectorSetValue _,
          RdbValue.ArrayValue _,
          RdbValue.OpaqueValue _ ->
          Optional.of(new OpaqueValue(type, bytes));
    };
  }

  private static Optional<Value> list(RedisList list) {
    return list.size() == 0 ? Optional.empty() : Optional.of(list);
  }

  private static Optional<Value> set(RedisSet set) {
    return set.size() == 0 ? Optional.empty() : Optional.of(set);
  }

  private static Optional<Value> sortedSet(RedisSortedSet sortedSet) {
    return sortedSet.size() == 0 ? Optional.empty() : Optional.of(sortedSet);
  }

  private static Optional<Value> hash(RedisHash hash) {
    return hash.size() == 0 ? Optional.empty() : Optional.of(hash);
  }
}
