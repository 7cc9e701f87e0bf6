package io.redrill.aof.resp;

import io.redrill.rdb.ByteInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// The bytes of one string of a conversation, as they come.
final class BulkInput extends InputStream {

  private final ByteInput in;
  private long left;

  /// Of the next `length` bytes of `in`.
  BulkInput(ByteInput in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    left--;
    return in.readByte();
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (left == 0) {
      return -1;
    }
    if (in.atEnd()) {
      throw new EOFException(in.name());
    }
    int count = (int) Math.min(Math.min(left, length), in.buffered());
    in.readFully(target, from, count);
    left -= count;
    return count;
  }

  /// Consumes what is left.
  void passOver() throws IOException {
    in.skip(left);
    left = 0;
  }
}
