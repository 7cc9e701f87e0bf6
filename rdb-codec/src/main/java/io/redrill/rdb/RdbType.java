package io.redrill.rdb;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The value types of RDB that this codec reads, by their name in the format.
///
/// The number alone does not name a type: 22 and 23 mean different things in the two dialects.
/// `minimumVersion` is the RDB version that introduced the type; a file of that version or later
/// may hold it.
public enum RdbType {
  STRING(0, 1),
  LIST(1, 1),
  SET(2, 1),
  ZSET(3, 1),
  HASH(4, 1),
  ZSET_2(5, 8),
  MODULE_2(7, 8),
  HASH_ZIPMAP(9, 2),
  LIST_ZIPLIST(10, 2),
  SET_INTSET(11, 2),
  ZSET_ZIPLIST(12, 2),
  HASH_ZIPLIST(13, 4),
  LIST_QUICKLIST(14, 7),
  STREAM_LISTPACKS(15, 9),
  HASH_LISTPACK(16, 10),
  ZSET_LISTPACK(17, 10),
  LIST_QUICKLIST_2(18, 10),
  STREAM_LISTPACKS_2(19, 10),
  SET_LISTPACK(20, 11),
  STREAM_LISTPACKS_3(21, 11),
  HASH_METADATA(24, 12),
  HASH_LISTPACK_EX(25, 12),
  /// Valkey's hash with field expiry; in its dialect only.
  HASH_2_VALKEY(22, 80);

  private static final Map<Integer, RdbType> REDIS_TYPES = byNumber(RdbDialect.REDIS);
  private static final Map<Integer, RdbType> VALKEY_TYPES = byNumber(RdbDialect.VALKEY);

  private final int number;
  private final int minimumVersion;

  RdbType(int number, int minimumVersion) {
    this.number = number;
    this.minimumVersion = minimumVersion;
  }

  /// The type that `number` names in `dialect`, if this codec knows one.
  public static Optional<RdbType> of(int number, RdbDialect dialect) {
    return Optional.ofNullable(
        (dialect == RdbDialect.VALKEY ? VALKEY_TYPES : REDIS_TYPES).get(number));
  }

  private static Map<Integer, RdbType> byNumber(RdbDialect dialect) {
    return Arrays.stream(values())
        .filter(type -> type.isIn(dialect))
        .collect(Collectors.toUnmodifiableMap(RdbType::number, type -> type));
  }

  /// Whether files of `dialect` may hold this type.
  public boolean isIn(RdbDialect dialect) {
    return dialect == RdbDialect.VALKEY
        ? this != HASH_METADATA && this != HASH_LISTPACK_EX
        : this != HASH_2_VALKEY;
  }

  /// The type byte in the file.
  public int number() {
    return number;
  }

  /// The first RDB version that may hold this type.
  public int minimumVersion() {
    return minimumVersion;
  }

  /// What the type is to a client.
  public RdbKind kind() {
    return switch (this) {
      case STRING -> RdbKind.STRING;
      case LIST, LIST_ZIPLIST, LIST_QUICKLIST, LIST_QUICKLIST_2 -> RdbKind.LIST;
      case SET, SET_INTSET, SET_LISTPACK -> RdbKind.SET;
      case ZSET, ZSET_2, ZSET_ZIPLIST, ZSET_LISTPACK -> RdbKind.SORTED_SET;
      case HASH,
          HASH_ZIPMAP,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          HASH_METADATA,
          HASH_LISTPACK_EX,
          HASH_2_VALKEY ->
          RdbKind.HASH;
      case STREAM_LISTPACKS, STREAM_LISTPACKS_2, STREAM_LISTPACKS_3 -> RdbKind.STREAM;
      case MODULE_2 -> RdbKind.MODULE;
    };
  }
}
