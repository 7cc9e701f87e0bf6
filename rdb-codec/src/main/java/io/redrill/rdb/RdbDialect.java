package io.redrill.rdb;

/// The two families of RDB files. They share most numbers and give a few of them different
/// meanings.
public enum RdbDialect {
  /// Magic `REDIS`: Redis of every version, KeyDB, and Valkey before 9.
  REDIS,
  /// Magic `VALKEY`: Valkey from 9 on, versions from 80.
  VALKEY;

  /// The lowest version number that belongs to Valkey.
  static final int FIRST_VALKEY_VERSION = 80;

  /// The dialect that a version number alone stands for, as in a `DUMP` payload.
  public static RdbDialect ofVersion(int version) {
    return version >= FIRST_VALKEY_VERSION ? VALKEY : REDIS;
  }
}
