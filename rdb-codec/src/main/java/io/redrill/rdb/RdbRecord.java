package io.redrill.rdb;

/// One record of an RDB, in file order.
public sealed interface RdbRecord {

  /// A field about the file (`redis-ver`, `repl-id`, ...). Unknown names are to be ignored.
  record Aux(byte[] name, byte[] value) implements RdbRecord {}

  /// The keys that follow belong to database `db`.
  record SelectDb(int db) implements RdbRecord {}

  /// A hint of how many keys follow in this database; not to be trusted.
  record ResizeDb(long keys, long expires) implements RdbRecord {}

  /// A library of functions, as its whole source.
  record FunctionLibrary(byte[] source) implements RdbRecord {}

  /// A record that is carried verbatim and not understood further: module aux fields, slot hints.
  ///
  /// @param payload all the bytes after the opcode
  record Verbatim(int opcode, byte[] payload) implements RdbRecord {}

  /// A key with its value as the bytes that stand in the file.
  ///
  /// @param db the database, 0 or more
  /// @param expireAtMillis absolute Unix time, or [#NO_EXPIRY]
  /// @param idleSeconds time since last use, or -1 where the file does not say
  /// @param frequency the LFU counter (0 to 255), or -1 where the file does not say
  /// @param value the value's bytes after the key, without the type byte
  record Entry(
      int db,
      byte[] key,
      long expireAtMillis,
      long idleSeconds,
      int frequency,
      RdbType type,
      byte[] value)
      implements RdbRecord {

    /// Stands for a key that does not expire.
    public static final long NO_EXPIRY = -1;
  }

  /// The end of the RDB: always the last record, returned again by each further call.
  ///
  /// @param offset of the first byte after the RDB
  record End(long offset, Checksum checksum) implements RdbRecord {}

  /// What the trailer said.
  enum Checksum {
    /// It matches.
    MATCHES,
    /// The writer had checksums off, and stored zero.
    UNCHECKED,
    /// Versions before 5 have none.
    ABSENT
  }
}
