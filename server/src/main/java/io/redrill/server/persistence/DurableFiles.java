package io.redrill.server.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// Gives files their names so that a loss of power cannot take them away again.
final class DurableFiles {

  private DurableFiles() {}

  /// Renames a file whose content is durable already over `target`, in the same directory, and
  /// makes the name durable.
  static void rename(Path file, Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(Objects.requireNonNull(target.toAbsolutePath().getParent()));
  }

  /// Makes the names in a directory durable.
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
