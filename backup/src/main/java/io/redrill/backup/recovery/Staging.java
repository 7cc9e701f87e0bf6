package io.redrill.backup.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// A directory beside a target, on the same file system, where a recovery point is written and
/// proved before it is moved into place.
///
/// Its owner holds a lock in it for as long as it lives. The lock of a killed process is the
/// kernel's to release, so that the next restore knows what was left behind, and removes it.
final class Staging implements Closeable {

  private static final String PREFIX = ".redrill-restore-";
  private static final String LOCK = "lock";

  private final Path directory;
  private final FileChannel lock;

  private Staging(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// Makes one beside `target`, whose directory is made too if it is not there.
  static Staging beside(Path target, RandomGenerator random) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Path home = parent == null ? target.toAbsolutePath() : parent;
    Files.createDirectories(home);
    removeLeftovers(home);
    Path directory =
        Files.createDirectory(home.resolve(PREFIX + HexFormat.of().toHexDigits(random.nextInt())));
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      FileLock _ = lock.lock();
      // Only a lock that is no longer empty is looked at by others.
      lock.write(ByteBuffer.wrap(new byte[] {'\n'}));
      return new Staging(directory, lock);
    } catch (IOException e) {
      lock.close();
      remove(directory);
      throw e;
    }
  }

  private static void removeLeftovers(Path home) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(home, PREFIX + "*")) {
      for (Path each : found) {
        Path lock = each.resolve(LOCK);
        if (Files.exists(lock)) {
          removeIfAbandoned(each, lock);
        }
      }
    }
  }

  /// Removes `leftover` while holding its lock, so that only one does.
  private static void removeIfAbandoned(Path leftover, Path lock) throws IOException {
    try {
      if (Files.size(lock) == 0) {
        return;
      }
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock mine = channel.tryLock()) {
        if (mine != null) {
          remove(leftover);
        }
      }
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      // It is in use, or its owner or another restore has just removed it.
    } catch (AccessDeniedException e) {
      // Another user's, and his to remove.
    }
  }

  /// A path in it.
  Path resolve(String name) {
    return directory.resolve(name);
  }

  /// Removes it and what is left in it.
  @Override
  public void close() throws IOException {
    // The lock last: without it another restore would take this one for abandoned meanwhile.
    try {
      remove(directory);
    } finally {
      lock.close();
    }
  }

  private static void remove(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(directory)) {
      paths = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
