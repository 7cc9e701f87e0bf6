package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// An RDB that is written, of records that stay as they are and of others.
final class RecordSink {

  private static final int NO_DB = -1;

  private final RdbWriter writer;
  private final RecordSink[] alone = {this};
  private int db = NO_DB;

  /// Begins an RDB on `out`, which the caller closes.
  RecordSink(OutputStream out, RdbWriterOptions options) {
    this.writer = new RdbWriter(out, options);
  }

  /// This sink and no other, for [PassingBytes].
  RecordSink[] alone() {
    return alone;
  }

  /// The database of the next key, unless another is chosen; -1 before the first is.
  int db() {
    return db;
  }

  /// Writes `record`. After [RdbRecord.End] the stream has got everything.
  void write(RdbRecord record) throws IOException {
    writer.write(record);
    switch (record) {
      case RdbRecord.SelectDb(int selected) -> db = selected;
      case RdbRecord.Entry entry -> db = entry.db();
      default -> {
        // belongs to no database
      }
    }
  }

  /// Writes `length` bytes of `records` from `offset` on: records as they stand, or the next part
  /// of one.
  void copy(byte[] records, int offset, int length) throws IOException {
    writer.copy(records, offset, length);
  }

  /// Writes `records` of `source`, which are all there are, the end included, and ends the file.
  void copyAll(RdbSource source, CheckedBytes records) throws IOException {
    try (InputStream bytes = source.bytes(records.start(), records.end())) {
      writer.endWith(bytes, records.length(), records.crc());
    }
  }
}
