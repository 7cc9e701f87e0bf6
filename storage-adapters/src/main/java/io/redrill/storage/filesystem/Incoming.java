package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// The files that are still being written, in `ROOT/~incoming`.
///
/// They lie in one directory, so that finding what crashes have left behind needs no walk through
/// the store. A file there is a leftover once nobody has written to it for [#LEFTOVER_AGE]:
/// processes on other machines may share the store, so neither a process list nor a lock can tell.
/// Both times come from the file system's own clock, whatever the clock of this machine says.
final class Incoming {

  static final String DIRECTORY = "~incoming";

  /// Far beyond the pauses of any living writer.
  static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  private static final int BUFFER_BYTES = 256 * 1024;

  private final StoreRoot root;
  private final Path directory;
  private final AtomicBoolean swept = new AtomicBoolean();

  Incoming(StoreRoot root) {
    this.root = root;
    this.directory = root.path().resolve(DIRECTORY);
  }

  /// Writes `sizeBytes` bytes of `source` to a new file, durably; the caller discards it.
  Path write(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    Path file = directory.resolve(UUID.randomUUID().toString());
    boolean whole = false;
    try (FileChannel channel = create(file, key)) {
      sweep(file);
      copy(source, channel, key, sizeBytes);
      whole = true;
    } finally {
      if (!whole) {
        discard(file);
      }
    }
    return file;
  }

  private FileChannel create(Path file, ObjectKey key) throws IOException {
    try {
      root.makeDirectories(directory);
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  /// Failures of `source` are the caller's own and pass unchanged; failures to write are the
  /// store's.
  private static void copy(InputStream source, FileChannel channel, ObjectKey key, long sizeBytes)
      throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, sizeBytes))];
    long left = sizeBytes;
    while (left > 0) {
      int count = source.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new StoreFailureException(
            "the source ended after %d of %d bytes".formatted(sizeBytes - left, sizeBytes),
            key.value());
      }
      write(channel, ByteBuffer.wrap(buffer, 0, count), key);
      left -= count;
    }
    try {
      channel.force(true);
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, ObjectKey key)
      throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  /// Removes the first name of a file. Best effort: the object is whole or was never made, and what
  /// stays here is a leftover for a later sweep.
  void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      swept.set(false);
    }
  }

  /// Removes what crashes have left behind, once in the life of a store. Best effort, as above.
  private void sweep(Path fresh) {
    if (!swept.compareAndSet(false, true)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      Instant oldest = Files.getLastModifiedTime(fresh).toInstant().minus(LEFTOVER_AGE);
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      swept.set(false);
    }
  }
}
