package io.redrill.rdb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The value types of RDB that this codec reads, by their name in the format.
///
/// The number alone does not name a type: 22 and 23 mean different things in the two dialects.
/// `minimumVersion` is the RDB version that introduced the type; a file of that version or later
/// may hold it.
public enum RdbType {
  STRING(0, 1, RdbKind.STRING, Form.WHOLE),
  LIST(1, 1, RdbKind.LIST, Form.ITEMS),
  SET(2, 1, RdbKind.SET, Form.ITEMS),
  ZSET(3, 1, RdbKind.SORTED_SET, Form.ITEMS),
  HASH(4, 1, RdbKind.HASH, Form.ITEMS),
  ZSET_2(5, 8, RdbKind.SORTED_SET, Form.ITEMS),
  MODULE_2(7, 8, RdbKind.MODULE, Form.WHOLE),
  HASH_ZIPMAP(9, 2, RdbKind.HASH, Form.WHOLE),
  LIST_ZIPLIST(10, 2, RdbKind.LIST, Form.WHOLE),
  SET_INTSET(11, 2, RdbKind.SET, Form.WHOLE),
  ZSET_ZIPLIST(12, 2, RdbKind.SORTED_SET, Form.WHOLE),
  HASH_ZIPLIST(13, 4, RdbKind.HASH, Form.WHOLE),
  LIST_QUICKLIST(14, 7, RdbKind.LIST, Form.ITEMS),
  STREAM_LISTPACKS(15, 9, RdbKind.STREAM, Form.ITEMS),
  HASH_LISTPACK(16, 10, RdbKind.HASH, Form.WHOLE),
  ZSET_LISTPACK(17, 10, RdbKind.SORTED_SET, Form.WHOLE),
  LIST_QUICKLIST_2(18, 10, RdbKind.LIST, Form.ITEMS),
  STREAM_LISTPACKS_2(19, 10, RdbKind.STREAM, Form.ITEMS),
  SET_LISTPACK(20, 11, RdbKind.SET, Form.WHOLE),
  STREAM_LISTPACKS_3(21, 11, RdbKind.STREAM, Form.ITEMS),
  /// Written by release candidates of Redis 7.4 only.
  HASH_METADATA_CANDIDATE(22, 12, RdbKind.HASH, Form.ITEMS),
  /// Written by release candidates of Redis 7.4 only.
  HASH_LISTPACK_EX_CANDIDATE(23, 12, RdbKind.HASH, Form.WHOLE),
  HASH_METADATA(24, 12, RdbKind.HASH, Form.ITEMS),
  HASH_LISTPACK_EX(25, 12, RdbKind.HASH, Form.WHOLE),
  STREAM_LISTPACKS_4(26, 13, RdbKind.STREAM, Form.ITEMS),
  STREAM_LISTPACKS_5(27, 14, RdbKind.STREAM, Form.ITEMS),
  ARRAY(28, 14, RdbKind.ARRAY, Form.ITEMS),
  /// A hash whose field names stand in front of its values, in a listpack.
  HASH_TEMPLATE_LISTPACK(29, 15, RdbKind.HASH, Form.WHOLE),
  /// A hash whose field names stand in a [RdbRecord.HashTemplate] of the file.
  HASH_TEMPLATE_LISTPACK_REF(30, 15, RdbKind.HASH, Form.WHOLE),
  /// As [#HASH_TEMPLATE_LISTPACK], with each value on its own.
  HASH_TEMPLATE_ARRAY(31, 15, RdbKind.HASH, Form.WHOLE),
  /// As [#HASH_TEMPLATE_LISTPACK_REF], with each value on its own.
  HASH_TEMPLATE_ARRAY_REF(32, 15, RdbKind.HASH, Form.WHOLE),
  /// A rate limiter's state: one number.
  GCRA(33, 15, RdbKind.OTHER, Form.WHOLE),
  /// KeyDB's scheduled script.
  CRON_KEYDB(64, 9, RdbKind.OTHER, Form.WHOLE),
  /// Valkey's hash with field expiry; in its dialect only.
  HASH_2_VALKEY(22, 80, RdbKind.HASH, Form.ITEMS),
  /// Valkey's hash of hashes; in its dialect only.
  PATH_HASH_VALKEY(23, 81, RdbKind.OTHER, Form.WHOLE);

  private static final @Nullable RdbType[] REDIS_TYPES = byNumber(RdbDialect.REDIS);
  private static final @Nullable RdbType[] VALKEY_TYPES = byNumber(RdbDialect.VALKEY);

  private final int number;
  private final int minimumVersion;
  private final RdbKind kind;
  private final Form form;

  private enum Form {
    /// One string or few, or with what it says of itself in a place apart.
    WHOLE,
    /// Any number of items, each with a length of its own: elements, pairs, nodes.
    ITEMS
  }

  RdbType(int number, int minimumVersion, RdbKind kind, Form form) {
    this.number = number;
    this.minimumVersion = minimumVersion;
    this.kind = kind;
    this.form = form;
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
    return kind;
  }

  /// Whether a value consists of any number of items, each with a length of its own: elements,
  /// pairs, nodes. Such a value can be walked without being held; others are one string, or few.
  public boolean consistsOfItems() {
    return form == Form.ITEMS;
  }

  /// Whether a value refers to a field template of its file, without which it is not complete.
  public boolean refersToTemplate() {
    return this == HASH_TEMPLATE_LISTPACK_REF || this == HASH_TEMPLATE_ARRAY_REF;
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
