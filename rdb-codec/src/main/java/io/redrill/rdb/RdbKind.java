package io.redrill.rdb;

import java.util.Locale;

/// What a value is to a client, whatever its encoding: the answer of `TYPE`.
public enum RdbKind {
  STRING,
  LIST,
  SET,
  SORTED_SET,
  HASH,
  STREAM,
  /// A module's value, but for [#VECTOR_SET].
  MODULE,
  /// Vectors with attributes (Redis 8.0).
  VECTOR_SET,
  /// Values by index (Redis 8.8).
  ARRAY,
  /// What is carried as it is stored and has no kind of its own here.
  OTHER;

  /// The word that `TYPE` answers (`zset` for a sorted set); `module` stands for any module's type.
  public String redisName() {
    return switch (this) {
      case SORTED_SET -> "zset";
      case VECTOR_SET -> "vectorset";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
