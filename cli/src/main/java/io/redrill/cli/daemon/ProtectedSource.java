package io.redrill.cli.daemon;

import io.redrill.backup.RedrillException;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.backup.source.Source;
import io.redrill.cli.config.SourceConfig;
import io.redrill.console.ArchiveState;
import io.redrill.console.SourceStatus;
import io.redrill.scheduler.job.Job;
import io.redrill.scheduler.job.RewriteJob;
import io.redrill.scheduler.job.SnapshotJob;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One configured source while the daemon runs: its archiver, its jobs, and how it stands.
final class ProtectedSource implements AutoCloseable {

  private final SourceConfig config;
  private final Source source;
  private final Repository repository;
  private final SnapshotTaker taker;
  private final DaemonParts parts;
  private volatile Optional<LogArchiver> archiver = Optional.empty();

  ProtectedSource(
      SourceConfig config, Repository repository, SnapshotTaker taker, DaemonParts parts) {
    this.config = config;
    this.source = parts.sources().apply(config);
    this.repository = repository;
    this.taker = taker;
    this.parts = parts;
  }

  SourceConfig config() {
    return config;
  }

  /// Begins to archive, if the configuration asks for it.
  void startArchiver() {
    if (config.archive()) {
      archiver =
          Optional.of(
              LogArchiver.start(
                  repository,
                  config.name(),
                  source,
                  taker,
                  ArchiverOptions.DEFAULT,
                  parts.clock(),
                  parts.random()));
    }
  }

  /// The jobs that this source can have.
  List<Job> jobs() {
    Job snapshot = new SnapshotJob(config.name(), source, taker);
    return switch (source) {
      case DataDirSource dataDir -> List.of(snapshot, new RewriteJob(config.name(), dataDir));
      case PsyncSource _ -> List.of(snapshot);
    };
  }

  /// What the archiver says, if there is one.
  Optional<ArchiverStatus> archiverStatus() {
    return archiver.map(LogArchiver::status);
  }

  /// How it stands; reads the repository.
  SourceStatus status() {
    List<Manifest> manifests = repository.manifests(config.name());
    Optional<ArchiverStatus> archive = archiverStatus();
    return new SourceStatus(
        config.name().value(),
        source.location(),
        source.capture().text(),
        archive.map(this::state).orElse(new ArchiveState.Off()),
        config.objectives(),
        WindowEstimate.of(manifests, repository.segments(config.name()), archive),
        manifests.stream().max(Comparator.comparing(Manifest::takenAt)).map(this::line),
        manifests.size());
  }

  /// How it stands when the repository cannot be read.
  SourceStatus statusWithoutRepository() {
    return new SourceStatus(
        config.name().value(),
        source.location(),
        source.capture().text(),
        archiverStatus().map(this::state).orElse(new ArchiveState.Off()),
        config.objectives(),
        List.of(),
        Optional.empty(),
        0);
  }

  private SourceStatus.SnapshotLine line(Manifest manifest) {
    return new SourceStatus.SnapshotLine(
        manifest.id().value(),
        manifest.takenAt(),
        manifest.dataset().keys(),
        manifest.storedBytes());
  }

  private ArchiveState state(ArchiverStatus status) {
    Instant now = parts.clock().instant();
    return switch (status.state()) {
      case FOLLOWING ->
          status
              .problem()
              .<ArchiveState>map(error -> new ArchiveState.Failing(error, status.storedUntil()))
              .orElseGet(() ->
                  new ArchiveState.Following(
                      status.stored().map(Object::toString).orElse(""),
                      status.storedUntil().orElse(now),
                      status.lagBytes()));
      case CONNECTING, SNAPSHOT ->
          status
              .problem()
              .<ArchiveState>map(error -> new ArchiveState.Failing(error, status.storedUntil()))
              .orElse(new ArchiveState.Starting());
      case WAITING, FAILED ->
          new ArchiveState.Failing(
              status.lastError().orElse("no reason is known"), status.storedUntil());
      case CLOSED -> new ArchiveState.Off();
    };
  }

  /// Stores what was received, and ends the archiver.
  ///
  /// @throws RedrillException if some of it could not be stored in time
  @Override
  public void close() {
    archiver.ifPresent(LogArchiver::close);
  }
}
