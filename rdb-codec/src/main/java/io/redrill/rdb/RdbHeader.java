package io.redrill.rdb;

import java.nio.charset.StandardCharsets;

/// What the first nine bytes of an RDB say.
///
/// | magic | version |
/// |---|---|
/// | `REDIS` | four digits |
/// | `VALKEY` | three digits, at least 080 |
public record RdbHeader(RdbDialect dialect, int version) {

  /// The newest version of each dialect whose every form this codec knows.
  static final int NEWEST_REDIS = 15;

  static final int NEWEST_VALKEY = 81;

  /// Reads the nine bytes of a header, which stand at `offset` of `input`.
  static RdbHeader parse(byte[] bytes, String input, long offset) throws FormatException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    RdbDialect dialect;
    String digits;
    if (text.startsWith("REDIS")) {
      dialect = RdbDialect.REDIS;
      digits = text.substring(5);
    } else if (text.startsWith("VALKEY")) {
      dialect = RdbDialect.VALKEY;
      digits = text.substring(6);
    } else if (RdbEnvelope.begins(bytes)) {
      throw RdbEnvelope.refusal(bytes, input, offset);
    } else {
      throw new CorruptInputException(
          "this is no RDB: it begins with another magic", input, offset);
    }
    if (!digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw new CorruptInputException("the version of the RDB is no number", input, offset);
    }
    int version = Integer.parseInt(digits);
    if (version == 0 || RdbDialect.ofVersion(version) != dialect) {
      String problem = "no known server writes RDB version " + version + " behind this magic";
      throw dialect == RdbDialect.REDIS && version > 0
          ? new TooNewException(problem, input, offset)
          : new CorruptInputException(problem, input, offset);
    }
    return new RdbHeader(dialect, version);
  }

  /// Whether this version is newer than the codec: records may follow that it cannot read.
  public boolean isNewerThanKnown() {
    return version > (dialect == RdbDialect.VALKEY ? NEWEST_VALKEY : NEWEST_REDIS);
  }

  /// Whether the file ends with a checksum.
  public boolean hasChecksum() {
    return version >= 5;
  }
}
