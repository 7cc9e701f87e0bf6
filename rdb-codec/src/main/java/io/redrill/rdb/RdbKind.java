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
  MODULE;

  /// The word that `TYPE` answers (`zset` for a sorted set); `module` stands for any module's type.
  public String redisName() {
    return this == SORTED_SET ? "zset" : name().toLowerCase(Locale.ROOT);
  }
}
