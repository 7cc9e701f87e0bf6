package io.redrill.rdb.convert;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A set of numbers from 0 on, one bit each, in a file: filled in any order, then asked in
/// ascending order. Memory: one buffer.
final class SpilledBits implements Closeable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer one = ByteBuffer.allocate(1);
  private final ByteBuffer window = ByteBuffer.allocate(BUFFER_BYTES);
  private long windowStart = -1;

  /// Keeps the bits in a new file `path`, which [#close] deletes.
  SpilledBits(Path path) throws IOException {
    this.path = path;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  void set(long number) throws IOException {
    one.clear();
    one.put(0, (byte) 0);
    channel.read(one, number >>> 3);
    one.put(0, (byte) (one.get(0) | 1 << (number & 7)));
    one.clear();
    channel.write(one, number >>> 3);
    windowStart = -1;
  }

  boolean get(long number) throws IOException {
    long at = number >>> 3;
    if (windowStart < 0 || at < windowStart || at >= windowStart + BUFFER_BYTES) {
      windowStart = at;
      fill();
    }
    return (window.get((int) (at - windowStart)) & 1 << (number & 7)) != 0;
  }

  private void fill() throws IOException {
    window.clear();
    int count = 0;
    while (window.hasRemaining() && count >= 0) {
      count = channel.read(window, windowStart + window.position());
    }
    while (window.hasRemaining()) {
      window.put((byte) 0);
    }
  }

  @Override
  public void close() throws IOException {
    try (Closeable _ = () -> Files.deleteIfExists(path)) {
      channel.close();
    }
  }
}
