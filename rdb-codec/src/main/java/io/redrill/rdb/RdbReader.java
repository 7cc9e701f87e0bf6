package io.redrill.rdb;

import java.io.IOException;

/// Reads the records of an RDB one by one, each in arrays of its own; [RdbCursor] is the way to
/// look at them in place.
///
/// Reading may block as the input does. Memory: the input's buffer and one record. Not safe for use
/// by several threads. After an exception the reader is of no further use.
public final class RdbReader {

  private final RdbCursor cursor;

  /// Reads the RDB that begins with the next byte of `in`, of which it takes exactly the RDB's
  /// bytes. The caller closes `in`.
  public RdbReader(ByteInput in) {
    this(in, RdbReading.DEFAULT);
  }

  /// As above, and what the RDB does not say about itself is read as `how` says.
  public RdbReader(ByteInput in, RdbReading how) {
    this.cursor = new RdbCursor(in, how);
  }

  /// The header, which is read at the first call of this method or of [#next].
  ///
  /// @throws CorruptInputException if this is no RDB
  /// @throws TooNewException if the version belongs to no dialect
  public RdbHeader header() throws IOException {
    return cursor.header();
  }

  /// The next record; from the end on [RdbRecord.End], again and again.
  ///
  /// @throws CorruptInputException if the bytes are damaged, cut short, or fail the checksum
  /// @throws TooNewException if a type or opcode is unknown
  /// @throws TooOldException if a type or opcode was only written by pre-releases
  /// @throws TooLargeException if a value exceeds what an array can hold
  public RdbRecord next() throws IOException {
    return switch (cursor.next()) {
      case KEY -> cursor.entry();
      case RECORD, END -> cursor.record();
    };
  }

  /// The offset of the first byte of the record that was read last, or is being read.
  public long recordOffset() {
    return cursor.recordOffset();
  }
}
