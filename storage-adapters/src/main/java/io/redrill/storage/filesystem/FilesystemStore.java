package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Objects as files below one directory, the root: the key `a/b` is the file `ROOT/a/b`.
///
/// A put writes a file of its own in `ROOT/~incoming`, makes its bytes durable (`fsync`), then
/// gives that file its final name with `link(2)`, and makes the new directory entry durable.
/// Linking is what makes a put atomic and exclusive at once: unlike a rename, it fails when the
/// name is taken, so that of two writers exactly one wins, and a reader sees the whole object or
/// none. The first name is then removed. A crash leaves at most a file in `~incoming`, which no key
/// can name (`~` is not a letter of keys) and which [Incoming] removes later.
///
/// Rules that hold:
/// - Nothing below the root is reached through a symbolic link, whoever made it; the root itself
///   may be one.
/// - The root and its directories are made by the first put, not before. Once seen, the root must
///   stay the same directory: when a disk was unmounted under a running process, puts fail instead
///   of filling the empty mount point.
/// - A key cannot be both an object and the directory of other objects.
///
/// The file system must have hard links; all of a store must be on one file system.
public final class FilesystemStore implements ObjectStore {

  private static final Set<OpenOption> READ_NO_LINKS =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final StoreRoot root;
  private final Incoming incoming;

  private FilesystemStore(Path directory) {
    this.root = new StoreRoot(directory.toAbsolutePath().normalize());
    this.incoming = new Incoming(root);
  }

  /// The store in `directory`, which need not exist yet. Touches no file.
  public static FilesystemStore open(Path directory) {
    return new FilesystemStore(directory);
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    if (find(key).isPresent()) {
      throw new ObjectExistsException("the key is taken", key.value());
    }
    Path whole = incoming.write(key, source, sizeBytes);
    try {
      publish(key, whole);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    } finally {
      incoming.discard(whole);
    }
  }

  private void publish(ObjectKey key, Path whole) throws IOException {
    Path file = root.resolve(key);
    root.directoryFor(key);
    try {
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new StoreFailureException("the key is a directory of other objects", key.value(), e);
      }
      // A file server may have made the link, lost its answer, and refused the repetition.
      if (!Files.isSameFile(file, whole)) {
        throw new ObjectExistsException("the key is taken", key.value(), e);
      }
    } catch (UnsupportedOperationException e) {
      throw new StoreFailureException(FilesystemFailure.NO_HARD_LINKS, key.value(), e);
    }
    try {
      root.makeNameDurable(file);
    } catch (IOException e) {
      // A failed put must not be visible, and this entry might vanish at the next power cut.
      try {
        Files.deleteIfExists(file);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return open(key, 0, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("negative range: " + offset + ", " + length);
    }
    long size =
        find(key)
            .orElseThrow(() -> new ObjectMissingException("there is no such object", key.value()))
            .sizeBytes();
    long available = Math.max(0, size - offset);
    try {
      FileChannel channel = FileChannel.open(root.resolve(key), READ_NO_LINKS);
      return new FileRangeInputStream(channel, key, offset, Math.min(length, available));
    } catch (NoSuchFileException e) {
      throw new ObjectMissingException("there is no such object", key.value(), e);
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    root.requireUnchanged();
    root.refuseSymbolicLinks(key);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(
              root.resolve(key), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          ? Optional.of(
              new ObjectInfo(key, attributes.size(), attributes.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (root.hasFileAbove(key)) {
        return Optional.empty();
      }
      throw FilesystemFailure.of(e, key.value());
    }
  }

  @Override
  public Stream<ObjectInfo> list(String prefix) throws IOException {
    root.requireUnchanged();
    ObjectWalk walk = new ObjectWalk(root.path(), prefix);
    return StreamSupport.stream(walk, false).onClose(walk::close);
  }

  @Override
  public void delete(ObjectKey key) throws IOException {
    if (find(key).isEmpty()) {
      return;
    }
    Path file = root.resolve(key);
    try {
      if (Files.deleteIfExists(file)) {
        root.makeNameDurable(file);
      }
    } catch (IOException e) {
      throw FilesystemFailure.of(e, key.value());
    }
  }

  @Override
  public String location() {
    return "file:" + root.path();
  }

  @Override
  public void close() {}
}
