package io.redrill.aof;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends after a number of bytes.
final class FirstBytes extends FilterInputStream {

  private long left;

  FirstBytes(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int wanted) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(target, from, (int) Math.min(wanted, left));
    left -= Math.max(0, count);
    return count;
  }
}
