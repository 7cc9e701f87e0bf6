package io.redrill.rdb.salvage;

import java.io.IOException;
import java.io.InputStream;

/// The file's bytes from an offset on, as far as one record may reach.
final class RecordSource extends InputStream {

  /// How much memory a value may take, and how much may be read of values that take more, for all
  /// the walks through a file together: so that lengths which are damage, and point far away,
  /// cannot make the reading endless.
  static final class Reach {

    private final long valueBytes;
    private long spareBytes;

    /// @param valueBytes a larger value is not looked into
    /// @param spareBytes what may be read beyond that
    Reach(long valueBytes, long spareBytes) {
      this.valueBytes = valueBytes;
      this.spareBytes = spareBytes;
    }

    /// How much memory a value may take that is looked into.
    long valueBytes() {
      return valueBytes;
    }

    private void spend(long recordBytes) {
      spareBytes -= Math.max(0, recordBytes - valueBytes);
    }
  }

  /// Says that a record reaches further than it may.
  static final class RecordTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final FileBytes file;
  private final Reach reach;
  private long at;
  private long allowed;
  private boolean ranOut;

  RecordSource(FileBytes file, Reach reach, long offset) {
    this.file = file;
    this.reach = reach;
    this.at = offset;
  }

  /// What is read next belongs to the record at `offset`, up to its value.
  void beginRecord(long offset) {
    allowed = offset + reach.valueBytes;
  }

  /// What is read next belongs to the value at `offset`.
  void beginValue(long offset) {
    allowed = offset + reach.valueBytes + Math.max(0, reach.spareBytes);
  }

  /// The record that began at `offset` was read.
  void endRecord(long offset) {
    reach.spend(at - offset);
  }

  /// Whether more was asked for than the file has.
  boolean ranOut() {
    return ranOut;
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
    ranOut |= count < 0;
    at += Math.max(0, count);
    return count;
  }
}
