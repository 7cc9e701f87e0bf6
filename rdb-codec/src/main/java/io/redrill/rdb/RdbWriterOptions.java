package io.redrill.rdb;

/// How an RDB is written.
///
/// @param version the RDB version: 9 to 15, or 80 and 81 for Valkey's dialect
/// @param compression whether long strings are packed with LZF where that saves
/// @param checksum whether the trailer holds the CRC-64; otherwise it says "not computed"
public record RdbWriterOptions(int version, boolean compression, boolean checksum) {

  /// The oldest version that is written. It holds all that older ones do.
  public static final int OLDEST_VERSION = 9;

  /// Refuses versions that this codec does not write.
  public RdbWriterOptions {
    if (!writes(version)) {
      throw new IllegalArgumentException("RDB version " + version + " cannot be written");
    }
  }

  /// Whether this codec writes files of `version`.
  public static boolean writes(int version) {
    return (version >= OLDEST_VERSION && version <= RdbHeader.NEWEST_REDIS)
        || (version >= RdbDialect.FIRST_VALKEY_VERSION && version <= RdbHeader.NEWEST_VALKEY);
  }

  /// Version `version` with compression and checksum, as servers write by default.
  public static RdbWriterOptions of(int version) {
    return new RdbWriterOptions(version, true, true);
  }
}
