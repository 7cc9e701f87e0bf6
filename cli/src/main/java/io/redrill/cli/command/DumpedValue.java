package io.redrill.cli.command;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.Opcode;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.TooNewException;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What `DUMP` answered, as an RDB that holds the value under the key `dump` and nothing else: what
/// reads the one then reads the other.
final class DumpedValue {

  private static final int FOOTER_BYTES = 10;

  /// The opcode and the checksum.
  private static final int END_BYTES = 9;

  /// The oldest version that is written; values of older ones are the same in it.
  private static final int OLDEST_WRITTEN = 9;

  private DumpedValue() {}

  /// The RDB of `payload`, whose footer is checked, and whose value is not.
  ///
  /// @throws FormatException if it is no payload, or one of an unknown version or type
  static InputStream asRdb(byte[] payload, String name) throws IOException {
    DumpPayload dump = DumpPayload.parse(payload);
    int version =
        Math.max(
            OLDEST_WRITTEN, LittleEndian.getUnsignedShort(payload, payload.length - FOOTER_BYTES));
    if (!RdbVersions.holds(version, dump.type())) {
      throw new CorruptInputException(
          "a dump of RDB version %d has no values of type %s".formatted(version, dump.type()),
          name,
          payload.length - FOOTER_BYTES);
    }
    if (!RdbWriterOptions.writes(version)) {
      throw new TooNewException(
          "a dump of the unknown RDB version " + version, name, payload.length - FOOTER_BYTES);
    }
    return around(dump.value(), head(dump, version));
  }

  /// The RDB as it is in front of the value.
  private static byte[] head(DumpPayload dump, int version) throws IOException {
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(rdb, RdbWriterOptions.of(version));
    writer.write(
        new RdbRecord.Entry(
            0,
            "dump".getBytes(StandardCharsets.UTF_8),
            RdbRecord.Entry.NO_EXPIRY,
            -1,
            -1,
            dump.metadata(),
            dump.type(),
            new byte[0]));
    writer.end();
    return Arrays.copyOf(rdb.toByteArray(), rdb.size() - END_BYTES);
  }

  /// `head`, `value`, and the end of an RDB: the value may be large, and is not copied.
  private static InputStream around(byte[] value, byte[] head) {
    byte[] end = new byte[END_BYTES];
    end[0] = (byte) Opcode.END;
    Crc64 crc = new Crc64();
    crc.update(head, 0, head.length);
    crc.update(value, 0, value.length);
    crc.update(end, 0, 1);
    LittleEndian.putLong(end, 1, crc.value());
    return new SequenceInputStream(
        new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(value)),
        new ByteArrayInputStream(end));
  }
}
