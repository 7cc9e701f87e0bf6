package io.redrill.rdb.convert;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.TooNewException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// An RDB file that is read from its beginning as often as needed, record by record.
///
/// The file is opened once, so that all passes see the same one, whatever is moved to its path
/// meanwhile. Not safe for use by several threads.
public final class RdbSource implements Closeable {

  private static final int PAGE_BYTES = 4096;

  private final Path file;
  private final FileChannel channel;
  private final LongConsumer progress;
  private final int bufferBytes;
  private final RdbReading reading;
  private OptionalLong trailing = OptionalLong.empty();

  private RdbSource(
      Path file, FileChannel channel, LongConsumer progress, int bufferBytes, RdbReading reading) {
    this.file = file;
    this.channel = channel;
    this.progress = progress;
    this.bufferBytes = bufferBytes;
    this.reading = reading;
  }

  /// Opens `file`. In each pass `progress` is told, buffer by buffer, how many bytes were read.
  ///
  /// @throws NoSuchFileException if there is none
  /// @throws FileSystemException if it is a directory, a pipe or a device: these can not be read
  ///   twice
  public static RdbSource open(Path file, LongConsumer progress) throws IOException {
    return open(file, progress, ByteInput.DEFAULT_BUFFER_BYTES, RdbReading.DEFAULT);
  }

  /// As above, read through a buffer of `bufferBytes` as `reading` says.
  static RdbSource open(Path file, LongConsumer progress, int bufferBytes, RdbReading reading)
      throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "it is no regular file, and has to be read twice");
    }
    return new RdbSource(
        file, FileChannel.open(file, StandardOpenOption.READ), progress, bufferBytes, reading);
  }

  /// As [#open]; errors call it `name`: for a copy of what the file of that name holds.
  ///
  /// @throws NoSuchFileException if there is none
  public static RdbSource open(Path file, Path name, LongConsumer progress) throws IOException {
    return new RdbSource(
        name,
        FileChannel.open(file, StandardOpenOption.READ),
        progress,
        ByteInput.DEFAULT_BUFFER_BYTES,
        RdbReading.DEFAULT);
  }

  /// The path that errors name.
  public Path file() {
    return file;
  }

  /// The size of the file, in bytes.
  public long sizeBytes() throws IOException {
    return channel.size();
  }

  /// Reads the header.
  ///
  /// @throws io.redrill.rdb.FormatException if the file does not begin as an RDB
  RdbHeader header() throws IOException {
    return new RdbCursor(input()).header();
  }

  /// The version of a file that holds its records as they are: its own, or the oldest that is
  /// written.
  ///
  /// @throws TooNewException if files of its version are not written
  /// @throws io.redrill.rdb.FormatException as [#header] does
  int writtenVersion() throws IOException {
    int version = Math.max(RdbWriterOptions.OLDEST_VERSION, header().version());
    if (!RdbWriterOptions.writes(version)) {
      throw new TooNewException(
          "files of RDB version " + version + " are not written", file.toString(), 0);
    }
    return version;
  }

  /// Shows every record to `visitor`, the end included, and checks the checksum.
  ///
  /// @throws io.redrill.rdb.FormatException if the file is damaged or cannot be read further
  void each(RecordPass.Visitor visitor) throws IOException {
    ByteInput in = input();
    if (RecordPass.run(in, reading, visitor)) {
      trailing = OptionalLong.of(in.offset());
    }
  }

  /// Where bytes begin that follow after the end of the RDB, which nobody is shown: known once all
  /// of it was read.
  public OptionalLong trailing() {
    return trailing;
  }

  /// Fills `target` from its beginning with bytes from `offset` on; returns how many.
  ///
  /// @throws EOFException if the file ends before
  int read(byte[] target, long offset) throws IOException {
    int count = read(target, 0, target.length, offset);
    if (count < 0) {
      throw new EOFException(file + " became shorter while it was read");
    }
    progress.accept(offset + count);
    return count;
  }

  /// Reads some of `length` bytes from `offset` on, -1 at the end: as many as end where a page of
  /// the file does, so that the next read begins with one. Copies out of the page cache take three
  /// times as long on some processors where the offset in the page is a few bytes lower than that
  /// of the target; after a header of nine bytes it would be so in every read.
  private int read(byte[] target, int from, int length, long offset) throws IOException {
    long behind = (offset + length) % PAGE_BYTES;
    int most = behind < length ? length - (int) behind : length;
    return channel.read(ByteBuffer.wrap(target, from, most), offset);
  }

  private ByteInput input() {
    return new ByteInput(new From(0, progress), file.toString(), bufferBytes);
  }

  /// The bytes from `offset` on, for a second look while a pass goes on.
  ByteInput input(long offset) {
    ByteInput in = new ByteInput(new From(offset, _ -> {}), file.toString(), bufferBytes);
    in.renumber(offset);
    return in;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// The file from some byte on.
  private final class From extends InputStream {

    private final LongConsumer progress;
    private long position;

    From(long offset, LongConsumer progress) {
      this.position = offset;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, target.length);
      int count = RdbSource.this.read(target, from, length, position);
      if (count > 0) {
        position += count;
        progress.accept(position);
      }
      return count;
    }
  }
}
