package io.redrill.aof.follow;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Tells failures of the disk from those of the network, where bytes go from the one to the other:
/// every failure is a [FollowedLogException]. Counts what passes.
final class LocalOutput extends OutputStream {

  private final OutputStream out;
  private final Path path;
  private long count;

  LocalOutput(OutputStream out, Path path) {
    this.out = out;
    this.path = path;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw new FollowedLogException(path, e);
    }
    count += length;
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new FollowedLogException(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new FollowedLogException(path, e);
    }
  }

  /// How many bytes have passed.
  long count() {
    return count;
  }
}
