package io.redrill.verify.instance;

import io.redrill.aof.resp.RespConnection;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.ReplayEngine;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Replays a log with the bundled server, in a child process that keeps expired keys.
public final class BundledReplayEngine implements ReplayEngine {

  /// Redis has 16 databases unless told otherwise; a log may select any that its source had.
  private static final int DATABASES = 1024;

  private final Path workDirectory;
  private final Duration loadTimeout;
  private final LongSupplier nanoTime;

  /// Keeps the notes and the log of the child process in a directory below `workDirectory`.
  ///
  /// @param loadTimeout how long loading and replaying may take
  /// @param nanoTime the clock that the timeout goes by
  public BundledReplayEngine(Path workDirectory, Duration loadTimeout, LongSupplier nanoTime) {
    this.workDirectory = workDirectory;
    this.loadTimeout = loadTimeout;
    this.nanoTime = nanoTime;
  }

  @Override
  public void replay(Path dataDirectory, Path rdbFile) {
    Path data = dataDirectory.toAbsolutePath();
    try (ScratchDirectory home = ScratchDirectory.create(workDirectory)) {
      try (ScratchInstance server =
              ScratchInstance.start(
                  ScratchKind.bundled(), home, data, DATABASES, loadTimeout, nanoTime);
          RespConnection connection = server.connect()) {
        connection.call("SAVE");
      }
      Path saved = data.resolve("dump.rdb");
      check(saved);
      Files.move(saved, rdbFile);
    } catch (RedrillException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      throw RedrillException.causedBy(e, ErrorCode.REPLAY_FAILED, "problem", problem(e));
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPLAY_FAILED, "problem", String.valueOf(e.getMessage()));
    }
  }

  /// Of a server that ended, the last words.
  private static String problem(RedrillException e) {
    return Optional.ofNullable(e.context().get("log"))
        .flatMap(log -> log.lines().filter(line -> !line.isBlank()).reduce((_, last) -> last))
        .orElseGet(() -> String.valueOf(e.getMessage()));
  }

  /// Reads the file to its end, which proves its structure and checksum, and makes it durable.
  private static void check(Path rdb) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), "the replayed data set")) {
      RdbReader reader = new RdbReader(in);
      reader.header();
      while (!(reader.next() instanceof RdbRecord.End)) {
        // The reader checks what it passes.
      }
    }
    try (FileChannel file = FileChannel.open(rdb, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }
}
