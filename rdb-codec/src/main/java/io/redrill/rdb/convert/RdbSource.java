package io.redrill.rdb.convert;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/// An RDB file that is read from its beginning as often as needed, record by record, and whose
/// bytes can be had again.
///
/// The file is opened once, so that all passes see the same one, whatever is moved to its path
/// meanwhile. Not safe for use by several threads.
public final class RdbSource implements Closeable {

  private static final int WINDOW_BYTES = 256 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final LongConsumer progress;

  // The bytes of the file from `windowStart` on: many keys are copied one by one.
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;

  private RdbSource(Path file, FileChannel channel, LongConsumer progress) {
    this.file = file;
    this.channel = channel;
    this.progress = progress;
  }

  /// Opens `file`. In each pass `progress` is told, record by record, how many bytes were read.
  ///
  /// @throws NoSuchFileException if there is none
  /// @throws FileSystemException if it is a directory, a pipe or a device: these can not be read
  ///   twice
  public static RdbSource open(Path file, LongConsumer progress) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "it is no regular file, and has to be read twice");
    }
    return new RdbSource(file, FileChannel.open(file, StandardOpenOption.READ), progress);
  }

  /// The path, which errors name.
  public Path file() {
    return file;
  }

  /// The size of the file, in bytes.
  public long sizeBytes() throws IOException {
    return channel.size();
  }

  /// Takes the records of one pass.
  @FunctionalInterface
  interface Visitor {
    /// Takes one record, and may throw to end the pass.
    void visit(StoredRecord stored) throws IOException;
  }

  /// A record, and where its bytes stand.
  ///
  /// @param start of its first byte, with what stands in front of a key
  /// @param end after its last byte
  /// @param isAlone whether these bytes hold this record and nothing of another
  record StoredRecord(RdbRecord record, long start, long end, boolean isAlone) {}

  /// Reads the header.
  ///
  /// @throws io.redrill.rdb.FormatException if the file does not begin as an RDB
  public RdbHeader header() throws IOException {
    return new RdbReader(input()).header();
  }

  /// Hands every record to `visitor`, the end included, and checks the checksum.
  ///
  /// @throws io.redrill.rdb.FormatException if the file is damaged, cannot be read further, or goes
  ///   on after the end of the RDB
  void each(Visitor visitor) throws IOException {
    ByteInput in = input();
    RdbReader reader = new RdbReader(in);
    reader.header();
    long end = in.offset();
    while (true) {
      RdbRecord record = reader.next();
      StoredRecord stored =
          new StoredRecord(
              record, reader.recordOffset(), in.offset(), reader.recordOffset() >= end);
      end = in.offset();
      if (record instanceof RdbRecord.End) {
        // What follows may be the commands of an append-only file, and would be lost.
        if (!in.atEnd()) {
          throw new CorruptInputException(
              "bytes follow after the end of the RDB", file.toString(), end);
        }
        visitor.visit(stored);
        return;
      }
      visit(stored, visitor);
      progress.accept(end);
    }
  }

  /// A value that is decoded knows where in itself it is damaged; here it is known where it stands.
  private void visit(StoredRecord stored, Visitor visitor) throws IOException {
    try {
      visitor.visit(stored);
    } catch (CorruptInputException e) {
      if (e.input().equals(file.toString())
          || !(stored.record() instanceof RdbRecord.Entry entry)) {
        throw e;
      }
      CorruptInputException located =
          new CorruptInputException(
              e.problem(), file.toString(), stored.start(), KeyText.of(entry.key()));
      located.initCause(e);
      throw located;
    }
  }

  /// Fills `target` from `from`, `length` bytes, with the bytes from `offset` on.
  void read(byte[] target, int from, int length, long offset) throws IOException {
    if (length > WINDOW_BYTES / 2) {
      read(ByteBuffer.wrap(target, from, length), offset);
      return;
    }
    if (offset < windowStart || offset + length > windowStart + window.limit()) {
      // Several writers ask for neighbouring keys, some a little behind others.
      windowStart = Math.max(0, offset - WINDOW_BYTES / 4);
      window.clear().limit((int) Math.min(WINDOW_BYTES, channel.size() - windowStart));
      read(window, windowStart);
    }
    if (offset + length > windowStart + window.limit()) {
      throw new EOFException(file + " became shorter while it was read");
    }
    window.get((int) (offset - windowStart), target, from, length);
  }

  private void read(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new EOFException(file + " became shorter while it was read");
      }
      at += count;
    }
  }

  private ByteInput input() throws IOException {
    channel.position(0);
    return new ByteInput(Channels.newInputStream(channel), file.toString());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
