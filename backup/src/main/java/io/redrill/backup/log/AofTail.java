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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of an incremental file while a server appends to it.
///
/// At the end of the file it waits for more. The stream ends when the server's manifest names a
/// next incremental file: the server writes everything into the old one before it says so, hence
/// one more look at the old file finds its last byte.
///
/// That the next file goes on where this one ends is known only if the manifest was seen to name
/// both, one after the other, which it does from the start of a rewrite to its end. A server whose
/// append-only file is switched off and on again passes over that state, and so does one that has
/// rewritten twice since the last look: what was written in between may be in neither file. So a
/// thread looks at the manifest all the time, also while bytes are read or their reader is busy.
final class AofTail extends InputStream {

  private static final Logger LOG = LoggerFactory.getLogger(AofTail.class);

  /// A rewrite takes longer, since the server finds its end by looking ten times a second.
  private static final long PAUSE_MILLIS = 5;

  /// How often the server is asked whether it still writes here.
  private static final long QUESTION_NANOS = 1_000_000_000;

  private final AofLocation location;
  private final AofManifest.Part part;
  private final Path path;
  private final FileChannel channel;
  private final Consumer<AofManifest> whenLooked;
  private final Runnable stillWritten;
  private final ManifestLook readersLook = new ManifestLook();

  /// What the watching thread saw to come next.
  private volatile Optional<AofManifest.Part> watched = Optional.empty();

  private long askedNanos = System.nanoTime();
  private Optional<AofManifest.Part> successor = Optional.empty();
  private volatile boolean closed;

  /// Begins at byte `from` of `part`.
  ///
  /// @param whenLooked is shown the manifest at each look
  /// @param stillWritten fails if the server does not write these files any more; is run now and
  ///   then
  AofTail(
      AofLocation location,
      AofManifest.Part part,
      long from,
      Consumer<AofManifest> whenLooked,
      Runnable stillWritten)
      throws IOException {
    this.location = location;
    this.part = part;
    this.path = location.path(part);
    this.channel = FileChannel.open(path);
    this.whenLooked = whenLooked;
    this.stillWritten = stillWritten;
    channel.position(from);
    Thread.ofVirtual().name("redrill-aof-manifest").start(this::watch);
  }

  /// The file that comes next, once the end was reached.
  Optional<AofManifest.Part> successor() {
    return successor;
  }

  /// Whether the manifest was seen to name this file and the next one.
  boolean isFollowed() {
    return watched.isPresent();
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

  /// Looks at the manifest until it names a next file, or names this one no more, or this is
  /// closed.
  private void watch() {
    ManifestLook look = new ManifestLook();
    try {
      while (!closed && watched.isEmpty()) {
        try {
          watched = successor(look.manifest());
        } catch (IOException e) {
          // It may pass. The reader looks too, at the end of the file, and says what is wrong.
          LOG.debug("the manifest of {} could not be read", path, e);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (RedrillException e) {
      LOG.debug("the manifest of {} is watched no more", path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    AofManifest manifest = readersLook.manifest();
    whenLooked.accept(manifest);
    successor = watched.isPresent() ? watched : successor(manifest);
    if (successor.isEmpty()) {
      if (System.nanoTime() - askedNanos > QUESTION_NANOS) {
        stillWritten.run();
        askedNanos = System.nanoTime();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw Failures.of(e, "file", path);
      }
    }
  }

  /// Reads the manifest where it is not the one that was read last. For one thread.
  private final class ManifestLook {

    private Optional<Seen> seen = Optional.empty();

    AofManifest manifest() throws IOException {
      BasicFileAttributes now =
          Files.readAttributes(location.manifestFile(), BasicFileAttributes.class);
      Object key = Objects.requireNonNullElse(now.fileKey(), "");
      Optional<AofManifest> same =
          seen.filter(last ->
                  last.fileKey().equals(key) && last.changed().equals(now.lastModifiedTime()))
              .map(Seen::manifest);
      if (same.isPresent()) {
        return same.get();
      }
      AofManifest manifest = location.manifest();
      seen = Optional.of(new Seen(key, now.lastModifiedTime(), manifest));
      return manifest;
    }
  }

  /// A manifest, and what tells it from the one that replaces it.
  private record Seen(Object fileKey, FileTime changed, AofManifest manifest) {}

  private Optional<AofManifest.Part> successor(AofManifest manifest) {
    List<AofManifest.Part> increments = manifest.increments();
    for (int i = 0; i < increments.size(); i++) {
      if (increments.get(i).name().equals(part.name())) {
        return i + 1 < increments.size() ? Optional.of(increments.get(i + 1)) : Optional.empty();
      }
    }
    throw new RedrillException(
        ErrorCode.AOF_REPLACED,
        "file",
        path,
        "problem",
        "its end was not seen to join the beginning of another file");
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
