package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;

/// An RDB that is written, of records that stay as they are and of others.
final class RdbSink implements RecordSink {

  private static final int NO_DB = -1;

  private final RdbWriter writer;
  private final RecordSink[] alone = {this};
  private int db = NO_DB;

  /// Begins an RDB on `out`, which the caller closes.
  RdbSink(OutputStream out, RdbWriterOptions options) {
    this.writer = new RdbWriter(out, options);
  }

  @Override
  public RecordSink[] alone() {
    return alone;
  }

  @Override
  public int db() {
    return db;
  }

  /// Writes `record`. After [RdbRecord.End] the stream has got everything.
  @Override
  public void write(RdbRecord record) throws IOException {
    writer.write(record);
    switch (record) {
      case RdbRecord.SelectDb(int selected) -> db = selected;
      case RdbRecord.Entry entry -> db = entry.db();
      default -> {
        // belongs to no database
      }
    }
  }

  @Override
  public void copy(byte[] records, int from, int length, long offset) throws IOException {
    writer.copy(records, from, length);
  }

  /// Writes the next `length` bytes of the value of the key that was written last.
  void append(byte[] value, int from, int length) throws IOException {
    writer.copy(value, from, length);
  }

  /// Writes `length` bytes of records, which `content` writes and which have the CRC-64 `crc`.
  void copy(long length, long crc, RdbWriter.Content content) throws IOException {
    writer.copy(length, crc, content);
  }
}
