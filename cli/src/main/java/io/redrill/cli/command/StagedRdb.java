package io.redrill.cli.command;

import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.CorruptInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// A copy of an RDB below `REDRILL_WORK`, for commands that need to read it more than once where
/// that cannot be done as it is given: on standard input, in a pipe, or in a [RdbContainer]. Only
/// its owner can read it; [#close] removes it.
///
/// @param damage what ended the copying early: the container is damaged or cut short
record StagedRdb(Path path, Optional<CorruptInputException> damage) implements Closeable {

  private static final int COPY_BYTES = 256 * 1024;

  /// Whether `file` has to be staged; opened as `pass`, of which nothing has been read.
  static boolean isNeeded(CommandContext context, Path file, RdbPass pass) {
    return pass.container().isPresent()
        || file.equals(RdbPass.STANDARD_INPUT)
        || !Files.isRegularFile(context.directory().resolve(file));
  }

  /// Copies as much of `pass` as can be read.
  static StagedRdb of(CommandContext context, RdbPass pass) throws IOException {
    Path path =
        Files.createTempFile(
            Files.createDirectories(WorkDirectory.of(context)), "redrill-", ".rdb");
    try (OutputStream out = Files.newOutputStream(path)) {
      return new StagedRdb(path, copy(pass.bytes(), out, path));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static Optional<CorruptInputException> copy(InputStream in, OutputStream out, Path path)
      throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        write(out, buffer, count, path);
      }
      return Optional.empty();
    } catch (CorruptInputException e) {
      return Optional.of(e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int count, Path path)
      throws IOException {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      // It is this file that cannot be written, and not the one that is read.
      FileSystemException named =
          new FileSystemException(
              path.toString(),
              null,
              Objects.requireNonNullElse(e.getMessage(), "it cannot be written")
                  + "; REDRILL_WORK names another directory to stage data in");
      named.initCause(e);
      throw named;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
