package io.redrill.rdb.salvage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of a file, by their offsets, through two windows of fixed size.
///
/// A search goes through the file in order and looks far ahead now and then, where a length points;
/// the far looks have a window of their own, so that they do not cost the near one. The file must
/// not change meanwhile. Blocks as the disk does. Not safe for use by several threads.
final class FileBytes {

  private static final int NEAR_BYTES = 1 << 20;
  private static final int FAR_BYTES = 1 << 12;

  private final FileChannel channel;
  private final long size;
  private final Window near = new Window(NEAR_BYTES);
  private final Window far = new Window(FAR_BYTES);

  FileBytes(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  long size() {
    return size;
  }

  /// The byte at `offset` (0 to 255), or -1 where there is none. Moves the near window forward.
  int at(long offset) throws IOException {
    return offset < 0 || offset >= size ? -1 : near.at(offset);
  }

  /// As [#at], and leaves the near window where it is.
  int peek(long offset) throws IOException {
    if (offset < 0 || offset >= size) {
      return -1;
    }
    return near.holds(offset) ? near.at(offset) : far.at(offset);
  }

  /// Copies at least one and at most `length` bytes from `offset` on into `target`; -1 at the end.
  int read(long offset, byte[] target, int from, int length) throws IOException {
    if (offset >= size || length == 0) {
      return offset >= size ? -1 : 0;
    }
    if (near.holds(offset)) {
      return near.copy(offset, target, from, length);
    }
    if (length <= FAR_BYTES) {
      far.at(offset);
      return far.copy(offset, target, from, length);
    }
    return channel.read(ByteBuffer.wrap(target, from, length), offset);
  }

  private final class Window {

    private final byte[] bytes;
    private long start;
    private int count;

    private Window(int capacity) {
      this.bytes = new byte[capacity];
    }

    private boolean holds(long offset) {
      return offset >= start && offset < start + count;
    }

    private int at(long offset) throws IOException {
      if (!holds(offset)) {
        load(offset);
      }
      return bytes[(int) (offset - start)] & 0xff;
    }

    private int copy(long offset, byte[] target, int from, int length) {
      int at = (int) (offset - start);
      int copied = Math.min(length, count - at);
      System.arraycopy(bytes, at, target, from, copied);
      return copied;
    }

    private void load(long offset) throws IOException {
      start = offset;
      count = 0;
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer, offset + count);
        if (read < 0) {
          break;
        }
        count += read;
      }
      if (count == 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
  }
}
