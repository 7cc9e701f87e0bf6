package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The directory of a store: from keys to paths, making directories, and noticing that another
/// directory has taken its place.
final class StoreRoot {

  private final Path path;

  /// Device and inode of the root as first seen; null before it exists.
  private final AtomicReference<@Nullable Object> identity = new AtomicReference<>();

  StoreRoot(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /// The file of `key`. The form of keys keeps it below the root.
  Path resolve(ObjectKey key) {
    return path.resolve(key.value());
  }

  /// Fails if the root has gone, or is another directory, since it was first seen.
  void requireUnchanged() throws IOException {
    Object now;
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isDirectory()) {
        throw new StoreFailureException(
            "the store must be a directory, and this is a file; correct the URL", path.toString());
      }
      now = attributes.fileKey();
    } catch (NoSuchFileException e) {
      now = null;
    } catch (IOException e) {
      throw FilesystemFailure.of(e, path.toString());
    }
    if (now != null) {
      identity.compareAndSet(null, now);
    }
    Object seen = identity.get();
    if (seen != null && !seen.equals(now)) {
      throw new StoreFailureException(
          "the directory of the store is no longer the one that was opened;"
              + " check that its disk is mounted, then start again",
          path.toString());
    }
  }

  /// Fails if a directory on the way to `key`, or `key` itself, is a symbolic link.
  void refuseSymbolicLinks(ObjectKey key) throws StoreAccessException {
    Path step = path;
    for (Path name : Path.of(key.value())) {
      step = step.resolve(name);
      if (Files.isSymbolicLink(step)) {
        throw new StoreAccessException(
            "a symbolic link stands inside the store, and none is followed;"
                + " put the real directory in its place",
            step.toString());
      }
    }
  }

  /// Whether an object stands where `key` would need a directory.
  boolean hasFileAbove(ObjectKey key) {
    Path directory = parentOf(resolve(key));
    while (!directory.equals(path)) {
      if (Files.isRegularFile(directory, LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
      directory = parentOf(directory);
    }
    return false;
  }

  /// The directory of `key`, made if it is missing; durable only with [#makeNameDurable].
  Path directoryFor(ObjectKey key) throws IOException {
    Path directory = parentOf(resolve(key));
    makeDirectories(directory);
    return directory;
  }

  void makeDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = parentOf(directory);
    makeDirectories(parent);
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new StoreFailureException(
            "an object or file stands where the store needs a directory", directory.toString(), e);
      }
    }
    if (!parent.startsWith(path)) {
      // The root or what is above it: every put sees to what is below.
      makeEntriesDurable(parent);
    }
    requireUnchanged();
  }

  static Path parentOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file below the root has a parent");
  }

  /// Makes the name of `file` survive a power cut, and those of the directories on the way to it:
  /// whoever made one may have crashed before it was durable, or be about to make it so.
  void makeNameDurable(Path file) throws IOException {
    Path directory = file;
    do {
      directory = parentOf(directory);
      makeEntriesDurable(directory);
    } while (!directory.equals(path));
  }

  private static void makeEntriesDurable(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
