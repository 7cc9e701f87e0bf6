package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;

/// Walks the objects under a prefix, one directory entry at a time, and never into a directory that
/// cannot hold a match. Entries that vanish meanwhile are passed over; files that no key can name,
/// symbolic links and special files are not objects.
final class ObjectWalk extends Spliterators.AbstractSpliterator<ObjectInfo> {

  /// The file system's own directory on a disk of its own, closed to everybody but root.
  private static final String LOST_AND_FOUND = "lost+found";

  private final Path root;
  private final String prefix;
  private final Deque<OpenDirectory> open = new ArrayDeque<>();

  ObjectWalk(Path root, String prefix) throws IOException {
    super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.NONNULL);
    this.root = root;
    this.prefix = prefix;
    int slash = prefix.lastIndexOf('/');
    String start = slash < 0 ? "" : prefix.substring(0, slash);
    if (start.isEmpty() && slash < 0) {
      enter(root);
    } else {
      // A prefix that is no path of keys, such as `../`, has no objects.
      Optional<ObjectKey> directory = ObjectKey.parse(start);
      if (directory.isPresent()) {
        new StoreRoot(root).refuseSymbolicLinks(directory.get());
        enter(root.resolve(start));
      }
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super ObjectInfo> action) {
    try {
      while (!open.isEmpty()) {
        OpenDirectory directory = open.element();
        if (!directory.entries.hasNext()) {
          open.remove().stream.close();
          continue;
        }
        Optional<ObjectInfo> found = visit(directory.entries.next());
        if (found.isPresent()) {
          action.accept(found.get());
          return true;
        }
      }
      return false;
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(
          FilesystemFailure.of(Objects.requireNonNull(e.getCause()), root.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(FilesystemFailure.of(e, root.toString()));
    }
  }

  private Optional<ObjectInfo> visit(Path entry) throws IOException {
    String name = root.relativize(entry).toString();
    Optional<ObjectKey> key = ObjectKey.parse(name);
    if (key.isEmpty() || name.equals(LOST_AND_FOUND)) {
      return Optional.empty();
    }
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (attributes.isDirectory() && mayHold(name + "/")) {
      enter(entry);
    }
    return attributes.isRegularFile() && name.startsWith(prefix)
        ? Optional.of(
            new ObjectInfo(key.get(), attributes.size(), attributes.lastModifiedTime().toInstant()))
        : Optional.empty();
  }

  private boolean mayHold(String directory) {
    return directory.startsWith(prefix) || prefix.startsWith(directory);
  }

  private void enter(Path directory) throws IOException {
    try {
      open.push(new OpenDirectory(directory));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing is stored there, or not any more.
    } catch (IOException e) {
      throw FilesystemFailure.of(e, directory.toString());
    }
  }

  void close() {
    try {
      while (!open.isEmpty()) {
        open.remove().stream.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FilesystemFailure.of(e, root.toString()));
    }
  }

  private static final class OpenDirectory {

    final DirectoryStream<Path> stream;
    final Iterator<Path> entries;

    @SuppressWarnings(
        "StreamResourceLeak") // closed by the walk, at its end or when it is left early
    OpenDirectory(Path directory) throws IOException {
      this.stream = Files.newDirectoryStream(directory);
      this.entries = stream.iterator();
    }
  }
}
