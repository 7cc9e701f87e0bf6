package io.redrill.backup.log;

import io.redrill.aof.AofManifest;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.AofLocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// The bytes of an incremental file while a server appends to it.
///
/// At the end of the file it waits for more. The stream ends when the server's manifest names a
/// next incremental file: the server writes everything into the old one before it says so, hence
/// one more look at the old file finds its last byte.
final class AofTail extends InputStream {

  private static final long PAUSE_MILLIS = 20;

  private final AofLocation location;
  private final AofManifest.Part part;
  private final Path path;
  private final FileChannel channel;
  private final Consumer<AofManifest> whenLooked;
  private Optional<AofManifest.Part> successor = Optional.empty();
  private volatile boolean closed;

  /// Begins at byte `from` of `part`.
  ///
  /// @param whenLooked is shown the manifest each time it is read
  AofTail(AofLocation location, AofManifest.Part part, long from, Consumer<AofManifest> whenLooked)
      throws IOException {
    this.location = location;
    this.part = part;
    this.path = location.path(part);
    this.channel = FileChannel.open(path);
    this.whenLooked = whenLooked;
    channel.position(from);
  }

  /// The file that comes next, once the end was reached.
  Optional<AofManifest.Part> successor() {
    return successor;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    ByteBuffer bytes = ByteBuffer.wrap(target, from, length);
    while (!closed) {
      int count = channel.read(bytes);
      if (count > 0) {
        return count;
      }
      if (successor.isPresent()) {
        return -1;
      }
      if (channel.size() < channel.position()) {
        throw new RedrillException(ErrorCode.AOF_REPLACED, "file", path);
      }
      look();
    }
    return -1;
  }

  private void look() throws IOException {
    AofManifest manifest = location.manifest();
    whenLooked.accept(manifest);
    successor =
        manifest.increments().stream()
            .filter(increment -> increment.sequence() > part.sequence())
            .findFirst();
    if (successor.isEmpty()) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw Failures.of(e, "file", path);
      }
    }
  }

  /// Ends the stream; a thread that waits in it sees the end soon.
  @Override
  public void close() throws IOException {
    closed = true;
  }

  /// Closes the file, when no thread reads any more.
  void release() throws IOException {
    channel.close();
  }
}
