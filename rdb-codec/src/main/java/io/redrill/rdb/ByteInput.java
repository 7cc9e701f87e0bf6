package io.redrill.rdb;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/// A buffered stream of bytes that knows where it stands, shared by all the readers of the codecs.
///
/// One input can be handed from reader to reader: an RDB reader takes exactly the bytes of the RDB,
/// and a command reader goes on with the next byte of the same input. That is how an append-only
/// file with an RDB preamble and a replication stream are read.
///
/// Every method may block until the underlying stream delivers. Not safe for use by several
/// threads.
///
/// Invariants: `0 <= tapped <= position <= limit <= buffer.length`; the byte at `position` has the
/// absolute offset `base + position`; every byte before `tapped` has been shown to the tap.
public final class ByteInput implements Closeable {

  /// The size of the buffer unless another is asked for, in bytes.
  public static final int DEFAULT_BUFFER_BYTES = 256 * 1024;

  /// No array is allocated larger than this before its bytes have arrived.
  private static final int TRUSTED_BYTES = 1024 * 1024;

  private final InputStream in;
  private final String name;
  private final byte[] buffer;
  private ByteTap tap = (bytes, offset, length) -> {};
  private int position;
  private int limit;
  private int tapped;
  private long base;

  /// Reads from `in`, which [#close()] closes; `name` is what errors call it.
  public ByteInput(InputStream in, String name) {
    this(in, name, DEFAULT_BUFFER_BYTES);
  }

  /// As above, with a buffer of `bufferBytes` (at least 16).
  public ByteInput(InputStream in, String name, int bufferBytes) {
    this.in = Objects.requireNonNull(in);
    this.name = Objects.requireNonNull(name);
    this.buffer = new byte[Math.max(16, bufferBytes)];
  }

  /// Reads the bytes of `bytes`, which is not copied.
  public static ByteInput of(byte[] bytes, String name) {
    return new ByteInput(
        new java.io.ByteArrayInputStream(bytes),
        name,
        Math.min(bytes.length, DEFAULT_BUFFER_BYTES));
  }

  /// What errors call this input.
  public String name() {
    return name;
  }

  /// The absolute offset of the next byte.
  public long offset() {
    return base + position;
  }

  /// Shows every byte consumed from now on to `next`, in place of the tap before it. Bytes consumed
  /// until now go to the old tap first.
  public void tap(ByteTap next) throws IOException {
    flushTap();
    tap = Objects.requireNonNull(next);
  }

  /// Hands the tap every byte consumed so far. Without a call, the tap may lag by one buffer.
  public void flushTap() throws IOException {
    if (tapped < position) {
      int from = tapped;
      tapped = position;
      tap.accept(buffer, from, position - from);
    }
  }

  /// Whether the end has been reached; blocks until that is known.
  public boolean atEnd() throws IOException {
    return position == limit && !fill();
  }

  /// How many bytes can be read now without blocking on the underlying stream.
  public int buffered() {
    return limit - position;
  }

  /// The next byte (0 to 255) without consuming it, or -1 at the end.
  public int peek() throws IOException {
    return atEnd() ? -1 : buffer[position] & 0xff;
  }

  /// The next byte (0 to 255).
  ///
  /// @throws EOFException at the end
  public int readByte() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException(name);
    }
    return buffer[position++] & 0xff;
  }

  /// Fills `target` from `from`, `length` bytes.
  ///
  /// @throws EOFException if the input ends before
  public void readFully(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    int done = 0;
    while (done < length) {
      if (position == limit && !fill()) {
        throw new EOFException(name);
      }
      int count = Math.min(length - done, limit - position);
      System.arraycopy(buffer, position, target, from + done, count);
      position += count;
      done += count;
    }
  }

  /// The next `length` bytes. A length is not believed before the bytes are there: the array grows
  /// with what arrives, so a hostile length costs no memory.
  ///
  /// @throws EOFException if the input ends before
  public byte[] readBytes(int length) throws IOException {
    byte[] bytes = new byte[Math.min(length, TRUSTED_BYTES)];
    int done = 0;
    while (true) {
      readFully(bytes, done, bytes.length - done);
      done = bytes.length;
      if (done == length) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, done * 2L));
    }
  }

  /// Consumes `count` bytes.
  ///
  /// @throws EOFException if the input ends before
  public void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      if (position == limit && !fill()) {
        throw new EOFException(name);
      }
      int step = (int) Math.min(left, limit - position);
      position += step;
      left -= step;
    }
  }

  /// Reads some bytes, at least one, at most `length`; -1 at the end.
  public int readSome(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (position == limit && !fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, from, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    flushTap();
    base += limit;
    position = 0;
    limit = 0;
    tapped = 0;
    int count = in.read(buffer, 0, buffer.length);
    if (count <= 0) {
      return false;
    }
    limit = count;
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
