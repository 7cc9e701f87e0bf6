package io.redrill.rdb;

import io.redrill.rdb.encoding.LittleEndian;
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
/// Invariants: `0 <= held <= position <= limit <= buffer.length` while holding, and `tapped <=
/// limit`; the byte at `position` has the absolute offset `base + position`; every byte before
/// `tapped` has been shown to the tap and to the watch, once. (`tapped` is behind `position` only
/// while bytes are read a second time: [#rewind].)
public final class ByteInput implements Closeable {

  /// The size of the buffer unless another is asked for, in bytes.
  public static final int DEFAULT_BUFFER_BYTES = 256 * 1024;

  private static final int LEAST_BUFFER_BYTES = 64;

  /// No array is allocated larger than this before its bytes have arrived.
  private static final int TRUSTED_BYTES = 1024 * 1024;

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;
  private static final int NOT_HOLDING = -1;
  private static final ByteTap NOBODY = (bytes, offset, length) -> {};

  private final InputStream in;
  private final String name;
  private final int bufferBytes;
  private final boolean isArray;
  private byte[] buffer;
  private ByteTap tap = NOBODY;
  private ByteTap watch = NOBODY;
  private int held = NOT_HOLDING;
  private int room = MAX_ARRAY_BYTES;
  private boolean isLending;
  private int position;
  private int limit;
  private int tapped;
  private long base;

  /// Reads from `in`, which [#close()] closes; `name` is what errors call it.
  public ByteInput(InputStream in, String name) {
    this(in, name, DEFAULT_BUFFER_BYTES);
  }

  /// As above, with a buffer of `bufferBytes` (at least 64).
  public ByteInput(InputStream in, String name, int bufferBytes) {
    this.in = Objects.requireNonNull(in);
    this.name = Objects.requireNonNull(name);
    this.isArray = false;
    this.bufferBytes = Math.max(LEAST_BUFFER_BYTES, bufferBytes);
    this.buffer = new byte[this.bufferBytes];
  }

  /// Reads an array that is already there: it serves as the buffer.
  private ByteInput(byte[] bytes, String name) {
    this.in = InputStream.nullInputStream();
    this.isArray = true;
    this.name = Objects.requireNonNull(name);
    this.bufferBytes = bytes.length;
    this.buffer = bytes;
    this.limit = bytes.length;
  }

  /// Reads the bytes of `bytes`, which is not copied and never written to.
  public static ByteInput of(byte[] bytes, String name) {
    return new ByteInput(bytes, name);
  }

  /// As above, of the first `length` bytes, of which the first has the offset `offset` in `name`.
  static ByteInput of(byte[] bytes, int length, String name, long offset) {
    ByteInput input = new ByteInput(bytes, name);
    input.limit = length;
    input.base = offset;
    return input;
  }

  /// What errors call this input.
  public String name() {
    return name;
  }

  /// The absolute offset of the next byte.
  public long offset() {
    return base + position;
  }

  /// Gives the next byte the offset `offset`, and counts on from there: for a part of a stream that
  /// has a numbering of its own.
  public void renumber(long offset) {
    base = offset - position;
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
      watch.accept(buffer, from, position - from);
    }
  }

  /// As [#tap], for the reader's own use beside the tap of its owner: a checksum.
  void watch(ByteTap next) throws IOException {
    flushTap();
    watch = next;
  }

  /// Ends what [#watch] began; the watch has then seen every byte consumed so far.
  void unwatch() throws IOException {
    watch(NOBODY);
  }

  /// Keeps every byte consumed from now on in the buffer, which grows with what arrives, until
  /// [#release].
  void hold() {
    held = position;
    room = MAX_ARRAY_BYTES;
  }

  /// As above, for about `roomBytes` bytes: where more are consumed, reading fails with
  /// [NoRoomException], and [#rewind] goes back.
  void hold(int roomBytes) {
    held = position;
    room = isArray ? MAX_ARRAY_BYTES : roomBytes;
  }

  /// Goes back to where [#hold] was called, and lets go what it kept.
  void rewind() {
    position = held;
    release();
  }

  /// Whether slices of what is taken stay as they are for good: no buffer is then used twice. (They
  /// do so anyway where the input is an array.)
  void lend(boolean isForGood) {
    isLending = isForGood;
  }

  /// Lets go what [#hold] kept. What a slice showed of it may change with the next byte read.
  void release() {
    held = NOT_HOLDING;
    room = MAX_ARRAY_BYTES;
  }

  /// Shows the bytes consumed since [#hold] in `slice`, in place; they stay until [#release].
  void held(ByteSlice slice) {
    slice.set(buffer, held, position - held);
  }

  /// Reads on until `length` bytes are [#buffered]; false says that the input ends before. The
  /// buffer grows with what arrives only.
  boolean ensure(long length) throws IOException {
    if (isLending && length > MAX_ARRAY_BYTES) {
      throw new TooLargeException("a part of a value is larger than 2 GiB", name, offset());
    }
    while (limit - position < length) {
      if (!fill()) {
        return false;
      }
    }
    return true;
  }

  /// Shows the next `length` bytes in `slice` and consumes them; they must be [#buffered], and stay
  /// until the next read.
  void take(int length, ByteSlice slice) {
    slice.set(buffer, position, length);
    position += length;
  }

  /// Shows in `slice` what is [#buffered], without consuming it. It stays as it is until the next
  /// read, or [#readAhead].
  public void ahead(ByteSlice slice) {
    slice.set(buffer, position, limit - position);
  }

  /// Reads more behind what is [#buffered], and consumes nothing; false says that the input ends
  /// there. The buffer grows where what is buffered fills half of it, to twice its size, up to 2
  /// GiB: whoever looks ahead has to set a limit.
  public boolean readAhead() throws IOException {
    return fill();
  }

  /// Reads `length` bytes of `bytes` from `from` on from now on, in place of what was read before.
  /// Only for an input [#of] an array.
  void view(byte[] bytes, int from, int length) {
    buffer = bytes;
    position = from;
    tapped = from;
    limit = from + length;
    base = -from;
    held = NOT_HOLDING;
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

  /// The next 4 bytes as a little-endian integer.
  ///
  /// @throws EOFException if the input ends before
  public int readIntLittleEndian() throws IOException {
    if (limit - position >= 4) {
      position += 4;
      return LittleEndian.getInt(buffer, position - 4);
    }
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= readByte() << shift;
    }
    return value;
  }

  /// The next 8 bytes as a little-endian integer.
  ///
  /// @throws EOFException if the input ends before
  public long readLongLittleEndian() throws IOException {
    if (limit - position >= 8) {
      position += 8;
      return LittleEndian.getLong(buffer, position - 8);
    }
    return (readIntLittleEndian() & 0xffff_ffffL) | (long) readIntLittleEndian() << 32;
  }

  /// Consumes `count` bytes.
  ///
  /// @throws EOFException if the input ends before
  public void skip(long count) throws IOException {
    if (held != NOT_HOLDING && count > room - (position - held)) {
      throw noRoom(); // at once, before memory is taken for as much as there is room for
    }
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

  private boolean fill() throws IOException {
    flushTap();
    if (isArray) {
      return false;
    }
    makeRoom();
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count <= 0) {
      return false;
    }
    limit += count;
    return true;
  }

  /// Makes room behind `limit`: what nobody holds goes, and where that does not suffice the buffer
  /// grows to twice its size, though hardly beyond what may be held. It shrinks when most of it is
  /// of no use any more.
  private void makeRoom() throws IOException {
    int from = held == NOT_HOLDING ? position : held;
    int kept = limit - from;
    if (kept >= room) {
      throw noRoom();
    }
    byte[] next = buffer;
    if (kept > buffer.length / 2) {
      long most = Math.min(MAX_ARRAY_BYTES, (long) room + bufferBytes);
      next = new byte[(int) Math.min(most, 2L * buffer.length)];
    } else if (buffer.length > bufferBytes && kept <= buffer.length / 8) {
      next = new byte[Math.max(bufferBytes, 2 * kept)];
    } else if (isLending) {
      next = new byte[buffer.length];
    }
    System.arraycopy(buffer, from, next, 0, kept);
    buffer = next;
    base += from;
    position -= from;
    tapped -= from;
    limit = kept;
    held = held == NOT_HOLDING ? NOT_HOLDING : 0;
  }

  private IOException noRoom() {
    return room == MAX_ARRAY_BYTES
        ? new TooLargeException("a value is larger than 2 GiB", name, offset())
        : new NoRoomException();
  }

  /// There is more to hold than there is room for.
  static final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    private NoRoomException() {
      super("there is no room to hold this");
    }

    /// Nobody sees it: it is caught where the room was chosen.
    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
