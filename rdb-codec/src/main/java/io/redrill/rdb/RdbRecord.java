package io.redrill.rdb;

import java.util.List;
import java.util.Optional;

/// One record of an RDB, in file order.
///
/// Two records with arrays are equal only if they are the same object.
public sealed interface RdbRecord {

  /// A field about the file (`redis-ver`, `repl-id`, ...). Unknown names are to be ignored.
  record Aux(byte[] name, byte[] value) implements RdbRecord {}

  /// The keys that follow belong to database `db`.
  record SelectDb(int db) implements RdbRecord {}

  /// A hint of how many keys follow in this database; not to be trusted.
  record ResizeDb(long keys, long expires) implements RdbRecord {}

  /// A library of functions, as its whole source.
  record FunctionLibrary(byte[] source) implements RdbRecord {}

  /// Field names that hashes of the file share (Redis 8.10): each such hash names the template's
  /// id.
  record HashTemplate(long id, List<byte[]> fields) implements RdbRecord {}

  /// A record that is carried verbatim and not understood further: module aux fields, sizes and
  /// imports of slots, fields of Redis Enterprise, functions of release candidates, commands.
  ///
  /// @param payload all the bytes after the opcode
  record Verbatim(int opcode, byte[] payload) implements RdbRecord {

    /// What servers cannot make of the record, in a sentence, where there is something to say.
    public Optional<String> warning() {
      return switch (opcode) {
        case Opcode.FUNCTION_PRE_RELEASE ->
            Optional.of(
                "a function in the form of a release candidate of Redis 7.0, which servers refuse");
        case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT ->
            Optional.of("a field that only Redis Enterprise reads");
        case Opcode.UPDATE_VALKEY ->
            Optional.of(
                "a command that changes what was stored before, which only Valkey 9.2 carries out; the digest does not know of it");
        default -> Optional.empty();
      };
    }
  }

  /// A key with its value as the bytes that stand in the file.
  ///
  /// @param db the database, 0 or more
  /// @param expireAtMillis absolute Unix time, or [#NO_EXPIRY]
  /// @param idleSeconds time since last use, or -1 where the file does not say
  /// @param frequency the LFU counter (0 to 255), or -1 where the file does not say
  /// @param metadata what modules keep about the key (Redis 8.6), as it is stored after its opcode;
  ///   empty where the file has none
  /// @param value the value's bytes after the key, without the type byte. They are complete in
  ///   themselves: a hash that refers to a [HashTemplate] comes with the fields in it
  record Entry(
      int db,
      byte[] key,
      long expireAtMillis,
      long idleSeconds,
      int frequency,
      byte[] metadata,
      RdbType type,
      byte[] value)
      implements RdbRecord {

    private static final byte[] NO_METADATA = {};

    /// As above, without metadata.
    public Entry(
        int db,
        byte[] key,
        long expireAtMillis,
        long idleSeconds,
        int frequency,
        RdbType type,
        byte[] value) {
      this(db, key, expireAtMillis, idleSeconds, frequency, NO_METADATA, type, value);
    }

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
