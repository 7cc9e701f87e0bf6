package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.util.Arrays;
import java.util.Map;

/// What `DUMP` answers and `RESTORE` takes: one value with its own footer.
///
/// | bytes | what |
/// |---|---|
/// | 1 and more | `f3` and what modules keep about the key, where they do: [KeyMetadata]; Redis 8.6 |
/// | 1 | value type |
/// | ... | value |
/// | 2 | RDB version, little-endian |
/// | 8 | CRC-64 of all bytes before, little-endian; zero: not computed |
///
/// @param value the bytes between type and footer
/// @param metadata what modules keep about the key, as it is stored after its opcode; empty where
///   there is nothing
public record DumpPayload(RdbType type, byte[] value, byte[] metadata) {

  private static final int FOOTER_BYTES = 10;
  private static final byte[] NO_METADATA = {};

  /// As above, without metadata.
  public DumpPayload(RdbType type, byte[] value) {
    this(type, value, NO_METADATA);
  }

  /// The payload of the key's value, with what modules keep about the key, as bytes, for servers as
  /// old as can hold both ([RdbVersions#oldestOfPayload]).
  public static byte[] of(RdbRecord.Entry entry) {
    return new DumpPayload(entry.type(), entry.value(), entry.metadata()).bytes();
  }

  /// Reads a payload, of which the footer is checked and the value is not.
  ///
  /// @throws CorruptInputException if it is too short, fails its checksum, or holds damaged
  ///   metadata
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
    RdbDialect dialect = RdbDialect.ofVersion(version);
    boolean hasMetadata = (payload[0] & 0xff) == Opcode.KEY_METADATA && dialect == RdbDialect.REDIS;
    int at = hasMetadata ? metadataEnd(Arrays.copyOf(payload, footer)) : 0;
    int number = payload[at] & 0xff;
    RdbType type =
        RdbType.of(number, dialect)
            .orElseThrow(() -> new TooNewException("unknown value type " + number, "dump", at));
    return new DumpPayload(
        type,
        Arrays.copyOfRange(payload, at + 1, footer),
        hasMetadata ? Arrays.copyOfRange(payload, 1, at) : NO_METADATA);
  }

  /// Where the type stands behind the metadata.
  private static int metadataEnd(byte[] content) throws FormatException {
    return PackedValues.beginning(
        content,
        in -> {
          in.bytes().skip(1);
          KeyMetadata.skip(in, new ValueScanner(in, Map.of()));
          if (in.bytes().atEnd()) {
            throw in.corrupt("a dump ends after the metadata of its key");
          }
          return (int) in.bytes().offset();
        });
  }

  /// The payload of `type` and `value` as bytes, for servers as old as can hold it.
  public static byte[] of(RdbType type, byte[] value) {
    return new DumpPayload(type, value).bytes();
  }

  private byte[] bytes() {
    return bytes(RdbVersions.oldestOfPayload(type, ByteSlice.of(value), metadata.length > 0));
  }

  /// This payload as bytes, with `version` in its footer.
  public byte[] bytes(int version) {
    int prefix = metadata.length == 0 ? 0 : Math.addExact(1, metadata.length);
    int footer = Math.addExact(Math.addExact(prefix, 1), value.length);
    byte[] payload = new byte[Math.addExact(footer, FOOTER_BYTES)];
    if (prefix > 0) {
      payload[0] = (byte) Opcode.KEY_METADATA;
      System.arraycopy(metadata, 0, payload, 1, metadata.length);
    }
    payload[prefix] = (byte) type.number();
    System.arraycopy(value, 0, payload, prefix + 1, value.length);
    LittleEndian.putShort(payload, footer, version);
    Crc64 crc = new Crc64();
    crc.update(payload, 0, footer + 2);
    LittleEndian.putLong(payload, footer + 2, crc.value());
    return payload;
  }
}
