package io.redrill.rdb.spill;

import io.redrill.rdb.encoding.LittleEndian;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads records from a file that [RecordSpill] wrote, one after the other.
final class RecordFile implements Closeable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final InputStream in;
  private final byte[] header = new byte[RecordBatch.HEADER_BYTES];
  private byte[] payload = new byte[256];

  RecordFile(Path file) throws IOException {
    this.file = file;
    this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  /// Goes on to the next record, and says whether there is one.
  boolean next() throws IOException {
    int count = in.readNBytes(header, 0, header.length);
    if (count == 0) {
      return false;
    }
    if (count == header.length) {
      if (payload.length < length()) {
        payload = new byte[length()];
      }
      if (in.readNBytes(payload, 0, length()) == length()) {
        return true;
      }
    }
    throw new EOFException(file + " became shorter while it was read");
  }

  long hash() {
    return LittleEndian.getLong(header, 4);
  }

  /// How many bytes of [#payload] count.
  int length() {
    return LittleEndian.getInt(header, 0);
  }

  /// Lent until the next record.
  byte[] payload() {
    return payload;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
