package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.LogCut;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.backup.source.Source;
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
import java.util.Optional;
import java.util.Random;

/// A repository in a directory, and the archiver that fills it from one server: what the daemon
/// does for a source.
final class Archive implements Closeable {

  static final SourceName SOURCE = SourceName.of("main");
  static final InstantSource CLOCK = InstantSource.system();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FilesystemStore store;
  private final Repository repository;
  private final Source source;
  private final SnapshotTaker taker;
  private final LogArchiver archiver;
  private final Path directory;

  private Archive(Path directory, Source source) {
    this.directory = directory;
    this.source = source;
    Random random = new Random(1);
    store = FilesystemStore.open(directory.resolve("repository"));
    repository = Repository.init(store, CLOCK, random);
    taker = new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random);
    archiver =
        LogArchiver.start(
            repository, SOURCE, source, taker, ArchiverOptions.DEFAULT, CLOCK, random);
  }

  /// Begins to archive `server` by replication into a new repository below `directory`.
  static Archive start(Path directory, ServerEndpoint server) {
    return start(directory, server, CaptureMode.PSYNC);
  }

  /// As above, by the way that `capture` says.
  static Archive start(Path directory, ServerEndpoint server, CaptureMode capture) {
    return new Archive(
        directory,
        switch (capture) {
          case PSYNC -> new PsyncSource(server, CLOCK);
          case DATA_DIR -> new DataDirSource(server, Optional.empty(), PATIENCE, CLOCK);
        });
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

  /// Takes a snapshot beside the archiver's own.
  Manifest takeSnapshot() {
    return taker.take(SOURCE, source);
  }

  /// Has a snapshot come into being from which the log goes on: taken, or made by a rewrite of the
  /// server's append-only file.
  void renewSnapshot() {
    switch (source) {
      case PsyncSource _ -> takeSnapshot();
      case DataDirSource dataDir -> {
        int before = repository.manifests(SOURCE).size();
        dataDir.rewriteLog();
        await().atMost(PATIENCE).until(() -> repository.manifests(SOURCE).size() > before);
      }
    }
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

  /// Waits until the log is durable up to a write that `server` executes now. Of a file that is
  /// followed, no offset of the server's says how far that is.
  void awaitStoredFile(RespConnection server) throws IOException {
    server.call("SET", "last:write", "of all");
    RecoveryRequest before = new RecoveryRequest.Before(LogCut.BeforeMatch.of("SET last:write", 1));
    await()
        .atMost(PATIENCE)
        .ignoreException(RedrillException.class)
        .until(() -> !new RecoveryPlanner(repository, SOURCE).plan(before).segments().isEmpty());
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
    assertThat(archiver.status().lastError()).as("what went wrong while archiving").isEmpty();
  }
}
