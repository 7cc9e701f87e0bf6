package io.redrill.rdb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  /// Written by release candidates of Redis 7.4 only.
  HASH_METADATA_CANDIDATE(22, 12),
  /// Written by release candidates of Redis 7.4 only.
  HASH_LISTPACK_EX_CANDIDATE(23, 12),
  HASH_METADATA(24, 12),
  HASH_LISTPACK_EX(25, 12),
  STREAM_LISTPACKS_4(26, 13),
  STREAM_LISTPACKS_5(27, 14),
  ARRAY(28, 14),
  /// A hash whose field names stand in front of its values, in a listpack.
  HASH_TEMPLATE_LISTPACK(29, 15),
  /// A hash whose field names stand in a [RdbRecord.HashTemplate] of the file.
  HASH_TEMPLATE_LISTPACK_REF(30, 15),
  /// As [#HASH_TEMPLATE_LISTPACK], with each value on its own.
  HASH_TEMPLATE_ARRAY(31, 15),
  /// As [#HASH_TEMPLATE_LISTPACK_REF], with each value on its own.
  HASH_TEMPLATE_ARRAY_REF(32, 15),
  /// A rate limiter's state: one number.
  GCRA(33, 15),
  /// KeyDB's scheduled script.
  CRON_KEYDB(64, 9),
  /// Valkey's hash with field expiry; in its dialect only.
  HASH_2_VALKEY(22, 80),
  /// Valkey's hash of hashes; in its dialect only.
  PATH_HASH_VALKEY(23, 81);

  private static final @Nullable RdbType[] REDIS_TYPES = byNumber(RdbDialect.REDIS);
  private static final @Nullable RdbType[] VALKEY_TYPES = byNumber(RdbDialect.VALKEY);

  private final int number;
  private final int minimumVersion;

  RdbType(int number, int minimumVersion) {
    this.number = number;
    this.minimumVersion = minimumVersion;
  }

  /// The type that `number` names in `dialect`, if this codec knows one.
  public static Optional<RdbType> of(int number, RdbDialect dialect) {
    return Optional.ofNullable(orNull(number, dialect));
  }

  static @Nullable RdbType orNull(int number, RdbDialect dialect) {
    @Nullable RdbType[] types = dialect == RdbDialect.VALKEY ? VALKEY_TYPES : REDIS_TYPES;
    return number < types.length ? types[number] : null;
  }

  private static @Nullable RdbType[] byNumber(RdbDialect dialect) {
    @Nullable RdbType[] types = new RdbType[65];
    for (RdbType type : values()) {
      if (type.isIn(dialect)) {
        types[type.number] = type;
      }
    }
    return types;
  }

  /// Whether files of `dialect` may hold this type. Those of Valkey hold what Redis 7.2 had, and
  /// types of their own.
  public boolean isIn(RdbDialect dialect) {
    boolean isOfValkey = this == HASH_2_VALKEY || this == PATH_HASH_VALKEY;
    return dialect == RdbDialect.VALKEY
        ? isOfValkey || (minimumVersion <= SET_LISTPACK.minimumVersion && this != CRON_KEYDB)
        : !isOfValkey;
  }

  /// The type byte in the file.
  public int number() {
    return number;
  }

  /// The first RDB version that may hold this type.
  public int minimumVersion() {
    return minimumVersion;
  }

  /// What the type is to a client. Of a module's value only the value itself tells more.
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
          HASH_METADATA_CANDIDATE,
          HASH_LISTPACK_EX_CANDIDATE,
          HASH_METADATA,
          HASH_LISTPACK_EX,
          HASH_TEMPLATE_LISTPACK,
          HASH_TEMPLATE_LISTPACK_REF,
          HASH_TEMPLATE_ARRAY,
          HASH_TEMPLATE_ARRAY_REF,
          HASH_2_VALKEY ->
          RdbKind.HASH;
      case STREAM_LISTPACKS,
          STREAM_LISTPACKS_2,
          STREAM_LISTPACKS_3,
          STREAM_LISTPACKS_4,
          STREAM_LISTPACKS_5 ->
          RdbKind.STREAM;
      case ARRAY -> RdbKind.ARRAY;
      case MODULE_2 -> RdbKind.MODULE;
      case GCRA, CRON_KEYDB, PATH_HASH_VALKEY -> RdbKind.OTHER;
    };
  }

  /// Which of the five layouts of a stream this is; 0 if it is none.
  int streamVersion() {
    return switch (this) {
      case STREAM_LISTPACKS -> 1;
      case STREAM_LISTPACKS_2 -> 2;
      case STREAM_LISTPACKS_3 -> 3;
      case STREAM_LISTPACKS_4 -> 4;
      case STREAM_LISTPACKS_5 -> 5;
      default -> 0;
    };
  }
}
