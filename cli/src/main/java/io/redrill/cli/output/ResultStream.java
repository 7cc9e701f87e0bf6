package io.redrill.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Objects;

/// Standard output as bytes, with a buffer that is written when it is full and at the end.
///
/// Unlike a print stream it fails when nobody takes the bytes: with a [ResultsClosedException]
/// where they are not wanted any more, else with an [IOException], for a full disk. For use by one
/// thread.
public final class ResultStream extends OutputStream {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int size;

  ResultStream(OutputStream out) {
    this.out = out;
  }

  /// Writes `text` as UTF-8.
  public void text(CharSequence text) throws IOException {
    write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void write(int b) throws IOException {
    if (size == BUFFER_BYTES) {
      flushBuffer();
    }
    buffer[size++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length > BUFFER_BYTES - size) {
      flushBuffer();
    }
    if (length > BUFFER_BYTES) {
      pass(bytes, from, length);
      return;
    }
    System.arraycopy(bytes, from, buffer, size, length);
    size += length;
  }

  private void flushBuffer() throws IOException {
    int written = size;
    size = 0;
    pass(buffer, 0, written);
  }

  private void pass(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      if (BrokenPipe.isCauseOf(e)) {
        throw new ResultsClosedException(e);
      }
      FileSystemException named = new FileSystemException("standard output", null, e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  @Override
  public void flush() throws IOException {
    flushBuffer();
    out.flush();
  }

  /// Writes what is left; standard output stays open.
  @Override
  public void close() throws IOException {
    flush();
  }
}
