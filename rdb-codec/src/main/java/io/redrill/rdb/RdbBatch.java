package io.redrill.rdb;

import java.util.Map;

/// Whole records of an RDB, one after the other, in an array of their own, so that another thread
/// can look at them while the file is read on. [RdbBatcher] cuts them.
public final class RdbBatch {

  private final byte[] bytes;
  private final int length;
  private final String name;
  private final long offset;
  private final RdbReading how;
  private final RdbHeader header;
  private final int db;
  private final Map<Long, RdbRecord.HashTemplate> templates;

  RdbBatch(
      byte[] bytes,
      int length,
      String name,
      long offset,
      RdbReading how,
      RdbHeader header,
      int db,
      Map<Long, RdbRecord.HashTemplate> templates) {
    this.bytes = bytes;
    this.length = length;
    this.name = name;
    this.offset = offset;
    this.how = how;
    this.header = header;
    this.db = db;
    this.templates = templates;
  }

  /// How many bytes of the file these records take.
  public int length() {
    return length;
  }

  /// A new walk through the records, with the offsets that they have in the file. It ends with
  /// [RdbCursor.Step#END] after the last; whether the checksum matches is the batcher's to say.
  public RdbCursor cursor() {
    return new RdbCursor(ByteInput.of(bytes, length, name, offset), how, header, db, templates);
  }
}
