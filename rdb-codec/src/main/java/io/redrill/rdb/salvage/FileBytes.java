package io.redrill.rdb.salvage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// The bytes of a file, by their offsets, through two windows of fixed size.
///
/// A search goes through the file in order and looks far ahead now and then, where a length points;
/// the far looks have a window of their own, so that they do not cost the near one. Every look is
/// counted, so that a search can end before it costs more than the file is worth. The file must not
/// change meanwhile. Blocks as the disk does. Not safe for use by several threads.
final class FileBytes {

  private static final int NEAR_BYTES = 1 << 20;
  private static final int FAR_BYTES = 1 << 12;

  /// Bytes that are copied at once cost about as much as one that is looked at.
  private static final int COPIED_PER_LOOK = 8;

  /// A call of the system costs about as much.
  private static final int LOOKS_PER_CALL = 100;

  private final FileChannel channel;
  private final long size;
  private final Window near = new Window(NEAR_BYTES);
  private final Window far = new Window(FAR_BYTES);
  private long looks;

  FileBytes(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  long size() {
    return size;
  }

  /// How many times a byte was looked at until now, with what else was charged: a measure of work.
  long looks() {
    return looks;
  }

  /// Counts work that costs as much as `more` looks.
  void charge(long more) {
    looks += more;
  }

  /// The byte at `offset` (0 to 255), or -1 where there is none. Moves the near window forward.
  int at(long offset) throws IOException {
    looks++;
    return offset < 0 || offset >= size ? -1 : near.at(offset);
  }

  /// As [#at], and leaves the near window where it is.
  int peek(long offset) throws IOException {
    looks++;
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
    looks += 1 + length / COPIED_PER_LOOK;
    if (near.holds(offset)) {
      return near.copy(offset, target, from, length);
    }
    if (length <= FAR_BYTES) {
      far.at(offset);
      return far.copy(offset, target, from, length);
    }
    looks += LOOKS_PER_CALL;
    return channel.read(ByteBuffer.wrap(target, from, length), offset);
  }

  /// Whether the same `length` bytes stand at `one` and at `other`, all inside of the file.
  boolean isSame(long one, long other, int length) throws IOException {
    return Arrays.equals(bytes(one, length), bytes(other, length));
  }

  private byte[] bytes(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int count = 0; count < length; ) {
      count += read(offset + count, bytes, count, length - count);
    }
    return bytes;
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
      looks += LOOKS_PER_CALL + bytes.length / COPIED_PER_LOOK;
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
