package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.convert.RdbSource.StoredRecord;
import java.io.IOException;
import java.io.OutputStream;

/// Writes an RDB of records that stay as they are and of others. What stays is copied from its
/// source byte for byte, neighbours in one stretch.
final class RecordSink {

  private static final int COPY_BYTES = 256 * 1024;
  private static final int NO_DB = -1;

  private final RdbWriter writer;
  private final byte[] buffer = new byte[COPY_BYTES];

  // The stretch that is still to be copied, and the database of its keys.
  private RdbSource source;
  private long start;
  private long end;
  private int db = NO_DB;

  /// Begins an RDB on `out`, which the caller closes.
  RecordSink(OutputStream out, RdbWriterOptions options, RdbSource source) throws IOException {
    this.writer = new RdbWriter(out, options);
    this.source = source;
  }

  /// Writes `stored`, a record of `from`, as it is.
  void copy(RdbSource from, StoredRecord stored) throws IOException {
    switch (stored.record()) {
      case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.End _ -> write(stored.record());
      // A hash of a template is complete in its record, and in the file it may not be.
      case RdbRecord.Entry entry when stored.isAlone() && entry.type().minimumVersion() != 15 -> {
        if (entry.db() != db) {
          flush();
          db = entry.db();
        }
        extend(from, stored);
      }
      case RdbRecord.Entry entry -> write(entry);
      case RdbRecord other when stored.isAlone() -> extend(from, stored);
      // Something stands between a key and what belongs to it: only in pieces can it be moved.
      case RdbRecord other -> write(other);
    }
  }

  private void extend(RdbSource from, StoredRecord stored) throws IOException {
    if (!from.equals(source) || stored.start() != end) {
      flush();
      source = from;
      start = stored.start();
    }
    end = stored.end();
  }

  /// Writes `record`. After [RdbRecord.End] the stream has got everything.
  void write(RdbRecord record) throws IOException {
    flush();
    writer.write(record);
    switch (record) {
      case RdbRecord.SelectDb(int selected) -> db = selected;
      case RdbRecord.Entry entry -> db = entry.db();
      default -> {
        // belongs to no database
      }
    }
  }

  private void flush() throws IOException {
    while (start < end) {
      int length = (int) Math.min(buffer.length, end - start);
      source.read(buffer, 0, length, start);
      if (db == NO_DB) {
        writer.copy(buffer, 0, length);
      } else {
        writer.copy(db, buffer, 0, length);
      }
      start += length;
    }
    start = 0;
    end = 0;
  }
}
