package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A stretch of one file, which is known to hold all of it. Owns the channel.
final class FileRangeInputStream extends InputStream {

  private final FileChannel channel;
  private final ObjectKey key;
  private long position;
  private long left;

  FileRangeInputStream(FileChannel channel, ObjectKey key, long offset, long length) {
    this.channel = channel;
    this.key = key;
    this.position = offset;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left <= 0) {
      return -1;
    }
    try {
      int count =
          channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, left)), position);
      if (count < 0) {
        throw new StoreFailureException(
            "the file ended %d bytes early; something cut it while it was read".formatted(left),
            key.value());
      }
      position += count;
      left -= count;
      return count;
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
