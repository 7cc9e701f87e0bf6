package io.redrill.cli.daemon;

import io.redrill.backup.RedrillException;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.repository.Repository;
import io.redrill.console.ConsoleModel;
import io.redrill.console.SourceStatus;
import io.redrill.console.Status;
import io.redrill.scheduler.Firing;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.metric.Metrics;
import io.redrill.scheduler.metric.SourceReading;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.DrillReportHtml;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the console shows of a daemon.
///
/// What lies in the repository is read at most every few seconds, however often the page is loaded;
/// the rest is always fresh.
final class DaemonModel implements ConsoleModel {

  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final int LINES = 20;

  private final Repository repository;
  private final List<ProtectedSource> sources;
  private final RunHistory history;
  private final Metrics metrics;
  private final Supplier<List<Firing>> nextFirings;
  private final DaemonParts parts;
  private Optional<Stored> stored = Optional.empty();

  /// What the repository held at a moment.
  private record Stored(
      Instant at, List<SourceStatus> sources, List<DrillReport> drills, Optional<String> problem) {}

  DaemonModel(
      Repository repository,
      List<ProtectedSource> sources,
      RunHistory history,
      Metrics metrics,
      Supplier<List<Firing>> nextFirings,
      DaemonParts parts) {
    this.repository = repository;
    this.sources = List.copyOf(sources);
    this.history = history;
    this.metrics = metrics;
    this.nextFirings = nextFirings;
    this.parts = parts;
    for (ProtectedSource source : sources) {
      metrics.source(source.config().name().value(), () -> reading(source));
    }
  }

  @Override
  public Status status() {
    Stored now = stored();
    return new Status(
        parts.clock().instant(),
        parts.version(),
        repository.store().location(),
        now.problem(),
        now.sources(),
        lastEnded(),
        history.latest(LINES),
        now.drills(),
        nextFirings.get());
  }

  private synchronized Stored stored() {
    Instant now = parts.clock().instant();
    if (stored.isEmpty() || stored.get().at().plus(KEPT).isBefore(now)) {
      stored = Optional.of(read(now));
    }
    return stored.get();
  }

  private Stored read(Instant now) {
    try {
      return new Stored(
          now,
          sources.stream().map(ProtectedSource::status).toList(),
          new DrillHistory(repository).list(LINES),
          Optional.empty());
    } catch (RedrillException e) {
      return new Stored(
          now,
          sources.stream().map(ProtectedSource::statusWithoutRepository).toList(),
          List.of(),
          Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private List<Run> lastEnded() {
    return sources.stream()
        .flatMap(source ->
            Stream.of(JobKind.values())
                .map(kind -> new JobName(source.config().name().value(), kind)))
        .flatMap(job -> history.lastEnded(job).stream())
        .toList();
  }

  private SourceReading reading(ProtectedSource source) {
    String name = source.config().name().value();
    Optional<Duration> age =
        stored().sources().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .flatMap(each -> each.recoveryPointAge(parts.clock().instant()));
    Optional<ArchiverStatus> archive = source.archiverStatus();
    return new SourceReading(
        age,
        archive.filter(at -> at.state() == ArchiverStatus.State.FOLLOWING).isPresent(),
        archive.map(ArchiverStatus::lagBytes).orElse(0L));
  }

  @Override
  public String metrics() {
    return metrics.scrape();
  }

  @Override
  public Optional<String> drillPage(String id) {
    return new DrillHistory(repository).find(id).map(DrillReportHtml::write);
  }
}
