package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Engines;
import io.redrill.cli.output.Output;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;

/// A repository in a directory, and the archiver that fills it from one server: what the daemon
/// does for a source.
final class Archive implements Closeable {

  static final SourceName SOURCE = SourceName.of("main");
  static final InstantSource CLOCK = InstantSource.system();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FilesystemStore store;
  private final Repository repository;
  private final LogArchiver archiver;
  private final Path directory;

  private Archive(Path directory, ServerEndpoint server) {
    this.directory = directory;
    Random random = new Random(1);
    store = FilesystemStore.open(directory.resolve("repository"));
    repository = Repository.init(store, CLOCK, random);
    archiver =
        LogArchiver.start(
            repository,
            SOURCE,
            new PsyncSource(server, CLOCK),
            new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random),
            ArchiverOptions.DEFAULT,
            CLOCK,
            random);
  }

  /// Begins to archive `server` into a new repository below `directory`.
  static Archive start(Path directory, ServerEndpoint server) {
    return new Archive(directory, server);
  }

  /// A context for commands that print to `output` and work below `directory`.
  static CommandContext context(Path directory, PrintStream output) {
    return new CommandContext(
        CLOCK,
        Map.of("REDRILL_WORK", directory.resolve("work").toString()),
        directory,
        new Output(output, output, false));
  }

  /// As above, for what prints nothing of interest.
  static CommandContext context(Path directory) {
    return context(directory, new PrintStream(OutputStream.nullOutputStream()));
  }

  Repository repository() {
    return repository;
  }

  /// Waits until the snapshot is stored.
  void awaitFollowing() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> archiver.status().state() == ArchiverStatus.State.FOLLOWING);
  }

  /// Where in the log the newest command received ends.
  long receivedOffset() {
    return archiver.status().receivedOffset();
  }

  /// Waits until everything is durable that the server has executed.
  void awaitStored(RespConnection server) throws IOException {
    long offset = offset(server);
    await()
        .atMost(PATIENCE)
        .until(() -> archiver.status().stored().map(LogPosition::offset).orElse(-1L) >= offset);
    assertThat(archiver.status().lastError()).isEmpty();
  }

  /// Where the server's log ends.
  static long offset(RespConnection server) throws IOException {
    String info = server.call("INFO", "replication").asText();
    return info.lines()
        .filter(line -> line.startsWith("master_repl_offset:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /// Restores what is wanted.
  RestoreReport restore(RecoveryRequest request, RestoreTarget target) {
    RecoveryPlan plan = new RecoveryPlanner(repository, SOURCE).plan(request);
    return new Restore(repository, Engines.replay(context(directory)), CLOCK, new Random(2))
        .restore(plan, target);
  }

  @Override
  public void close() throws IOException {
    archiver.close();
    store.close();
  }
}
