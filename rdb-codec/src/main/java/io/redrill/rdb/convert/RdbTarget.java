package io.redrill.rdb.convert;

import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A server that a file is written for: the RDB version that it writes itself, and what its reader
/// knows.
///
/// | version | value types that came with it |
/// |---|---|
/// | 9 | 0 to 5, 7, 9 to 15 |
/// | 10 | 16 to 19, function libraries |
/// | 11 | 20, 21 |
/// | 12 | 24, 25 |
/// | 13 | 26 |
/// | 14 | 27, 28 |
/// | 80 of Valkey | those of 11, and its own 22 |
public enum RdbTarget {
  REDIS_6_2("redis-6.2", 9, "redis-5 redis-5.0 redis-6 redis-6.0 redis-6.x"),
  REDIS_7_0("redis-7.0", 10, "redis-7 redis-7.x"),
  REDIS_7_2("redis-7.2", 11, ""),
  REDIS_7_4("redis-7.4", 12, ""),
  REDIS_8_0("redis-8.0", 12, "redis-8 redis-8.x redis-8.2 redis-8.4"),
  REDIS_8_6("redis-8.6", 13, ""),
  REDIS_8_8("redis-8.8", 14, ""),
  VALKEY_8("valkey-8", 11, "valkey-7.2 valkey-8.0 valkey-8.1 valkey-8.x"),
  VALKEY_9("valkey-9", 80, "valkey-9.0 valkey-9.1 valkey-9.x");

  private static final int FUNCTIONS = 10;
  private static final int LAST_COMMON = 11;
  private static final int FIELD_EXPIRY = 12;
  private static final int KEY_METADATA = 13;

  private final String id;
  private final int version;
  private final String aliases;

  RdbTarget(String id, int version, String aliases) {
    this.id = id;
    this.version = version;
    this.aliases = aliases;
  }

  /// The target that `name` means: its [#id], or another release with the same format. Of a major
  /// release alone (`redis-7`) the oldest is meant, which all of its releases load.
  public static Optional<RdbTarget> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(_ -> !lower.isEmpty())
        .filter(target ->
            target.id.equals(lower) || List.of(target.aliases.split(" ", -1)).contains(lower))
        .findFirst();
  }

  /// Product and release, as `redis-7.0`.
  public String id() {
    return id;
  }

  /// The RDB version.
  public int version() {
    return version;
  }

  /// The family of its files.
  public RdbDialect dialect() {
    return RdbDialect.ofVersion(version);
  }

  /// Whether it loads values of `type` as they are stored.
  public boolean reads(RdbType type) {
    return type.isIn(dialect()) && sinceVersion(type) <= version;
  }

  /// The version from which on readers know `type`; none does for what only pre-releases wrote.
  private int sinceVersion(RdbType type) {
    int number = type.number();
    if (number <= 21) {
      return type.minimumVersion();
    }
    if (dialect() == RdbDialect.VALKEY) {
      return number == 22 ? 80 : Integer.MAX_VALUE;
    }
    return switch (number) {
      case 24, 25 -> FIELD_EXPIRY;
      case 26 -> 13;
      case 27, 28 -> 14;
      default -> Integer.MAX_VALUE;
    };
  }

  /// Whether it takes a file that begins so, with default settings: Redis what is not newer than
  /// itself, Valkey (`rdb-version-check strict`) that, and nothing of Redis after 7.2.
  public boolean takes(RdbHeader header) {
    if (dialect() == RdbDialect.VALKEY) {
      return header.dialect() == RdbDialect.VALKEY
          ? header.version() <= version
          : header.version() <= LAST_COMMON;
    }
    return header.dialect() == RdbDialect.REDIS && header.version() <= version;
  }

  /// Whether fields of hashes can expire there.
  public boolean hasFieldExpiry() {
    return version >= FIELD_EXPIRY;
  }

  /// Whether it has function libraries.
  public boolean hasFunctions() {
    return version >= FUNCTIONS;
  }

  /// Whether modules can keep something about any key.
  public boolean hasKeyMetadata() {
    return dialect() == RdbDialect.REDIS && version >= KEY_METADATA;
  }

  /// Whether vector sets are a part of it.
  public boolean hasVectorSets() {
    return this == REDIS_8_0 || this == REDIS_8_6 || this == REDIS_8_8;
  }

  @Override
  public String toString() {
    return id;
  }
}
