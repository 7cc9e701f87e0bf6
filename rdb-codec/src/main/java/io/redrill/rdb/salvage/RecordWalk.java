package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads record after record from any offset of a damaged file, and decodes each value.
///
/// The reader is shown a header and the selection of a database in front of the bytes, as if the
/// file began there. A record that claims more than the allowed bytes fails before they are held.
final class RecordWalk {

  private static final int END_OPCODE = 0xff;
  private static final int CHECKSUM_BYTES = 8;

  /// What the next bytes are.
  enum Step {
    /// A key whose value decodes.
    KEY,
    /// A key whose value does not, though its end is known.
    DAMAGED_VALUE,
    /// Another record.
    OTHER,
    /// The end of the RDB; what its checksum says is left to the caller.
    END,
    /// Nothing that can be read: bytes are missing or make no sense.
    FAILED
  }

  private final FileBytes file;
  private final RdbHeader header;
  private final Source source;
  private final ByteInput in;
  private final RdbReader reader;
  private long start;
  private Optional<RdbRecord> record = Optional.empty();
  private String problem = "";

  private RecordWalk(FileBytes file, RdbHeader header, Source source, ByteInput in) {
    this.file = file;
    this.header = header;
    this.source = source;
    this.in = in;
    this.reader = new RdbReader(in);
  }

  /// Begins at the record that may stand at `offset`, with database `db` selected.
  static RecordWalk from(
      FileBytes file, RdbHeader header, long offset, int db, long maxRecordBytes, int bufferBytes)
      throws IOException {
    Source source = new Source(file, offset, maxRecordBytes);
    ByteInput in =
        new ByteInput(
            new SequenceInputStream(new ByteArrayInputStream(beginning(header, db)), source),
            "file",
            bufferBytes);
    RecordWalk walk = new RecordWalk(file, header, source, in);
    walk.reader.header();
    walk.reader.next();
    in.renumber(offset);
    return walk;
  }

  /// The bytes that select `db` in a file with `header`.
  static byte[] beginning(RdbHeader header, int db) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(headerBytes(header));
    bytes.writeBytes(selection(db));
    return bytes.toByteArray();
  }

  static byte[] headerBytes(RdbHeader header) {
    String text =
        switch (header.dialect()) {
          case REDIS -> "REDIS%04d".formatted(header.version());
          case VALKEY -> "VALKEY%03d".formatted(header.version());
        };
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] selection(int db) {
    return db < 64
        ? new byte[] {(byte) 0xfe, (byte) db}
        : new byte[] {
          (byte) 0xfe,
          (byte) 0x80,
          (byte) (db >>> 24),
          (byte) (db >>> 16),
          (byte) (db >>> 8),
          (byte) db
        };
  }

  /// Reads on. After [Step#END] and [Step#FAILED] there is no more to read.
  ///
  /// @throws IOException if the file cannot be read; damage is a step instead
  Step next() throws IOException {
    start = in.offset();
    source.allowFrom(start);
    record = Optional.empty();
    try {
      RdbRecord read = reader.next();
      record = Optional.of(read);
      return switch (read) {
        case RdbRecord.Entry entry -> decoded(entry);
        case RdbRecord.End _ -> Step.END;
        default -> Step.OTHER;
      };
    } catch (FormatException e) {
      if (file.peek(reader.recordOffset()) == END_OPCODE && in.offset() > reader.recordOffset()) {
        return Step.END;
      }
      problem = e.problem();
      return Step.FAILED;
    } catch (RecordTooLargeException e) {
      problem =
          "a record claims more than the " + source.maxRecordBytes + " bytes that one may have";
      return Step.FAILED;
    }
  }

  private Step decoded(RdbRecord.Entry entry) {
    try {
      RdbValues.decode(entry);
      return Step.KEY;
    } catch (FormatException e) {
      problem = e.problem();
      return Step.DAMAGED_VALUE;
    }
  }

  /// The offset of the first byte of the step read last, what stands before a key included.
  long start() {
    return start;
  }

  /// The offset after the step read last.
  long end() throws IOException {
    return in.offset();
  }

  /// Whether the end that was read is where the file ends.
  boolean isEndOfFile() {
    long end = reader.recordOffset() + 1 + (header.hasChecksum() ? CHECKSUM_BYTES : 0);
    return end == file.size();
  }

  /// The record read last, unless reading failed.
  Optional<RdbRecord> record() {
    return record;
  }

  /// Why the last step failed or does not decode.
  String problem() {
    return problem;
  }

  /// Says that a record reaches further than it may.
  private static final class RecordTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// The file's bytes from an offset on, as far as one record may reach.
  private static final class Source extends InputStream {

    private final FileBytes file;
    private final long maxRecordBytes;
    private long at;
    private long allowed;

    private Source(FileBytes file, long offset, long maxRecordBytes) {
      this.file = file;
      this.at = offset;
      this.maxRecordBytes = maxRecordBytes;
      allowFrom(offset);
    }

    private void allowFrom(long offset) {
      allowed = offset + Math.min(maxRecordBytes, Long.MAX_VALUE - offset);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (at >= allowed && at < file.size()) {
        throw new RecordTooLargeException();
      }
      int count = file.read(at, target, from, length);
      at += Math.max(0, count);
      return count;
    }
  }
}
