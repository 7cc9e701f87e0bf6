package io.redrill.cli.daemon;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A directory of Redrill's own state, claimed for one process at a time.
///
/// The claim is a lock of the operating system on `daemon.lock`: it ends with the process, however
/// that ends.
public final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes the directory if it is missing, and claims it.
  ///
  /// @throws RedrillException if it cannot be written, or another process has it
  public static DataDirectory claim(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw unusable(path, new NotDirectoryException(path.toString()));
    }
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("daemon.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new DataDirectory(path, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw unusable(path, e);
    }
    throw new RedrillException(ErrorCode.DATA_DIRECTORY_IN_USE, "directory", path);
  }

  private static RedrillException unusable(Path path, IOException cause) {
    return RedrillException.causedBy(
        cause,
        ErrorCode.DATA_DIRECTORY_UNUSABLE,
        "directory",
        path,
        "problem",
        Failures.words(cause));
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// The directory.
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
