package io.redrill.verify.instance;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A directory of its own for one drill, removed with all that is in it when it is closed.
///
/// ```
/// <work directory>/drill-<random>/
///   owner     the process that runs the drill
///   server-*  the processes that run on the data, by id
///   ...       whatever the drill puts there
/// ```
///
/// A process that is killed cannot clean up. So each directory names its owner, and whoever makes
/// the next one removes those whose owner is gone, and ends the servers that were left running
/// there. A process is told by its id *and* its start time, since ids are used again.
public final class ScratchDirectory implements Closeable {

  private static final String PREFIX = "drill-";
  private static final String OWNER = "owner";
  private static final String SERVER = "server-";

  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /// Makes a directory below `workDirectory`, which is made too if it is missing, after removing
  /// what killed drills left there.
  ///
  /// @throws RedrillException with [ErrorCode#SCRATCH_DIRECTORY] if that is not possible
  public static ScratchDirectory create(Path workDirectory) {
    try {
      Files.createDirectories(workDirectory);
      collectLeftovers(workDirectory);
      Path path = Files.createTempDirectory(workDirectory.toAbsolutePath(), PREFIX);
      write(path.resolve(OWNER), ProcessHandle.current());
      return new ScratchDirectory(path);
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.SCRATCH_DIRECTORY, "directory", workDirectory, "problem", e);
    }
  }

  /// Where it is, as an absolute path.
  public Path path() {
    return path;
  }

  /// Notes that `process` runs on data below this directory, so that it can be ended should this
  /// process be killed.
  void serverStarted(ProcessHandle process) throws IOException {
    write(path.resolve(SERVER + process.pid()), process);
  }

  /// Removes the directory and all that is in it. What cannot be removed is left for the next
  /// drill.
  ///
  /// @throws RedrillException if something could not be removed
  @Override
  public void close() {
    try {
      remove(path);
    } catch (IOException e) {
      throw Failures.of(e, "directory", path);
    }
  }

  private static void write(Path file, ProcessHandle process) throws IOException {
    Files.writeString(file, process.pid() + " " + startMillis(process) + "\n");
  }

  private static void collectLeftovers(Path workDirectory) throws IOException {
    try (DirectoryStream<Path> drills = Files.newDirectoryStream(workDirectory, PREFIX + "*")) {
      for (Path drill : drills) {
        // A directory without an owner file is being made at this moment, or was left at that
        // moment by a killed drill and is empty.
        if (Files.exists(drill.resolve(OWNER)) && running(drill.resolve(OWNER)).isEmpty()) {
          endServers(drill);
          remove(drill);
        }
      }
    }
  }

  private static void endServers(Path drill) throws IOException {
    try (DirectoryStream<Path> servers = Files.newDirectoryStream(drill, SERVER + "*")) {
      for (Path server : servers) {
        running(server).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /// The process that `file` names, if it still runs and is not another with the same id.
  private static Optional<ProcessHandle> running(Path file) throws IOException {
    String[] words;
    try {
      words = Files.readString(file).strip().split(" ", -1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (words.length != 2 || !words[0].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(words[0]))
        .filter(process -> String.valueOf(startMillis(process)).equals(words[1]));
  }

  /// When `process` was started, in Unix milliseconds; 0 where the system does not say.
  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }

  private static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
