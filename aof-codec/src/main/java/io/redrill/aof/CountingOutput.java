package io.redrill.aof;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Counts what passes through.
final class CountingOutput extends FilterOutputStream {

  private long count;

  CountingOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int next) throws IOException {
    out.write(next);
    count++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    count += length;
  }

  /// How many bytes have passed.
  long count() {
    return count;
  }
}
