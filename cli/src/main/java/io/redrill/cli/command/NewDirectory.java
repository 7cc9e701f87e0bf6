package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/// A directory that comes into being whole or not at all: written beside its place under another
/// name, and then moved. [#close] removes what was not placed.
final class NewDirectory implements Closeable {

  private final Path path;
  private final Path staged;
  private boolean isPlaced;

  private NewDirectory(Path path, Path staged) {
    this.path = path;
    this.staged = staged;
  }

  /// Begins a directory for `path`, at which nothing stands but perhaps an empty directory.
  ///
  /// @throws RedrillException otherwise, or if there is no directory to put it into
  static NewDirectory begin(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new RedrillException(
          ErrorCode.FILE_NOT_FOUND,
          "directory",
          parent == null ? absolute : parent,
          "problem",
          "there is no such directory");
    }
    if (Files.exists(absolute) && !isEmptyDirectory(absolute)) {
      throw new RedrillException(ErrorCode.TARGET_EXISTS, "path", absolute);
    }
    Path staged =
        absolute.resolveSibling(
            ".%s.%s.tmp"
                .formatted(Objects.requireNonNull(absolute.getFileName()), UUID.randomUUID()));
    Files.createDirectory(staged);
    return new NewDirectory(absolute, staged);
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  /// Where to write.
  Path staged() {
    return staged;
  }

  /// Moves it to its place, durably; what was written is durable already.
  ///
  /// @throws RedrillException if something has come to stand there meanwhile
  void place() throws IOException {
    try {
      Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw RedrillException.causedBy(e, ErrorCode.TARGET_EXISTS, "path", path);
    }
    isPlaced = true;
    try (FileChannel parent = FileChannel.open(Objects.requireNonNull(path.getParent()))) {
      parent.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (isPlaced) {
      return;
    }
    try (Stream<Path> written = Files.walk(staged)) {
      for (Path each : written.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
