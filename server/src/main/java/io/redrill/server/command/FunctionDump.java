package io.redrill.server.command;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What `FUNCTION DUMP` answers and `FUNCTION RESTORE` takes: libraries as they stand in an RDB,
/// with the footer of a `DUMP`.
///
/// | bytes | what |
/// |---|---|
/// | ... | per library, the opcode 245 and its source as an RDB string |
/// | 2 | RDB version, little-endian |
/// | 8 | CRC-64 of all bytes before, little-endian; zero: not computed |
final class FunctionDump {

  private static final int FOOTER_BYTES = 10;
  private static final String BAD = "ERR payload version or checksum are wrong";
  private static final byte[] HEADER = "REDIS0010".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = {(byte) 255, 0, 0, 0, 0, 0, 0, 0, 0};

  private FunctionDump() {}

  /// The sources in a payload. They are read as the RDB file that they are but for its two ends.
  static List<byte[]> parse(byte[] payload) {
    int footer = payload.length - FOOTER_BYTES;
    if (footer < 0) {
      throw new CommandException(BAD);
    }
    Crc64 crc = new Crc64();
    crc.update(payload, 0, footer + 2);
    long stored = LittleEndian.getLong(payload, footer + 2);
    if (stored != 0 && stored != crc.value()) {
      throw new CommandException(BAD);
    }
    byte[] file = Arrays.copyOf(HEADER, HEADER.length + footer + END.length);
    System.arraycopy(payload, 0, file, HEADER.length, footer);
    System.arraycopy(END, 0, file, HEADER.length + footer, END.length);
    List<byte[]> sources = new ArrayList<>();
    try (ByteInput in = ByteInput.of(file, "function payload")) {
      RdbReader reader = new RdbReader(in);
      for (RdbRecord record = reader.next();
          !(record instanceof RdbRecord.End);
          record = reader.next()) {
        if (!(record instanceof RdbRecord.FunctionLibrary(byte[] source))) {
          throw new CommandException("ERR given type is not a function");
        }
        sources.add(source);
      }
      if (!in.atEnd()) {
        throw new CommandException("ERR given type is not a function");
      }
    } catch (FormatException e) {
      throw new CommandException("ERR failed loading library data: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return sources;
  }
}
