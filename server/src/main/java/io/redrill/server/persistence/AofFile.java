package io.redrill.server.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The incremental append-only file that grows now.
///
/// [#append] and [#close] belong to the keyspace's thread, [#force()] may run on another one
/// meanwhile.
final class AofFile implements Closeable {

  private final FileChannel channel;
  private long size;

  private AofFile(FileChannel channel) throws IOException {
    this.channel = channel;
    size = channel.size();
    channel.position(size);
  }

  /// Opens an existing file to append to it.
  static AofFile open(Path file) throws IOException {
    return new AofFile(FileChannel.open(file, StandardOpenOption.WRITE));
  }

  /// Begins an empty file, in place of what a crash may have left under this name.
  static AofFile begin(Path file) throws IOException {
    return new AofFile(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  /// Appends all of the bytes, or none.
  ///
  /// @throws IOException if they cannot be written; the file is then as it was before, or, if even
  ///   that fails, ends in a command that a load would cut off
  void append(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      size += length;
    } catch (IOException e) {
      channel.truncate(size);
      channel.position(size);
      throw e;
    }
  }

  /// Makes durable what was appended; blocks as the disk does.
  void force() throws IOException {
    channel.force(false);
  }

  /// The size in bytes.
  long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
