package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.util.Arrays;

/// What `DUMP` answers and `RESTORE` takes: one value with its own footer.
///
/// | bytes | what |
/// |---|---|
/// | 1 | value type |
/// | ... | value |
/// | 2 | RDB version, little-endian |
/// | 8 | CRC-64 of all bytes before, little-endian; zero: not computed |
///
/// @param value the bytes between type and footer
public record DumpPayload(RdbType type, byte[] value) {

  private static final int FOOTER_BYTES = 10;

  /// Reads a payload, of which the footer is checked and the value is not.
  ///
  /// @throws CorruptInputException if it is too short or fails its checksum
  /// @throws TooNewException if its type is unknown
  public static DumpPayload parse(byte[] payload) throws FormatException {
    int footer = payload.length - FOOTER_BYTES;
    if (footer < 1) {
      throw new CorruptInputException("a dump is too short", "dump", payload.length);
    }
    long stored = LittleEndian.getLong(payload, footer + 2);
    Crc64 crc = new Crc64();
    crc.update(payload, 0, footer + 2);
    if (stored != 0 && stored != crc.value()) {
      throw new CorruptInputException("the checksum of a dump does not match", "dump", footer + 2);
    }
    int version = LittleEndian.getUnsignedShort(payload, footer);
    int number = payload[0] & 0xff;
    RdbType type =
        RdbType.of(number, RdbDialect.ofVersion(version))
            .orElseThrow(() -> new TooNewException("unknown value type " + number, "dump", 0));
    return new DumpPayload(type, Arrays.copyOfRange(payload, 1, footer));
  }

  /// The payload of `type` and `value` as bytes, with the oldest version in its footer that holds
  /// the type (but none before [RdbVersions#BASELINE]): a server refuses what is newer than itself.
  public static byte[] of(RdbType type, byte[] value) {
    return new DumpPayload(type, value).bytes(RdbVersions.oldestHolding(type));
  }

  /// This payload as bytes, with `version` in its footer.
  public byte[] bytes(int version) {
    int footer = Math.addExact(1, value.length);
    byte[] payload = new byte[Math.addExact(footer, FOOTER_BYTES)];
    payload[0] = (byte) type.number();
    System.arraycopy(value, 0, payload, 1, value.length);
    LittleEndian.putShort(payload, footer, version);
    Crc64 crc = new Crc64();
    crc.update(payload, 0, footer + 2);
    LittleEndian.putLong(payload, footer + 2, crc.value());
    return payload;
  }
}
