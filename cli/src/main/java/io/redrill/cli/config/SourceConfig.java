package io.redrill.cli.config;

import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.scheduler.Cron;
import io.redrill.scheduler.job.JobKind;
import io.redrill.verify.DrillAssertion;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.RecoveryObjectives;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One source, and what is to be done for it.
///
/// @param directory the server's data directory on this host; empty to ask the server
/// @param archive whether its log is archived continuously
/// @param schedule the jobs that run by themselves
/// @param assertions what must hold of every drill's restored data
/// @param scratch what its drills restore into
public record SourceConfig(
    SourceName name,
    SourceUrl url,
    CaptureMode capture,
    Optional<Path> directory,
    boolean archive,
    PasswordSource password,
    RecoveryObjectives objectives,
    Map<JobKind, Cron> schedule,
    List<DrillAssertion> assertions,
    ScratchKind scratch) {

  /// Keeps its own copies.
  public SourceConfig {
    schedule = Map.copyOf(schedule);
    assertions = List.copyOf(assertions);
  }

  /// A source that is archived as a replica would be, with no schedule, no objectives and no
  /// password.
  public static SourceConfig of(SourceName name, SourceUrl url) {
    return new SourceConfig(
        name,
        url,
        CaptureMode.PSYNC,
        Optional.empty(),
        true,
        new PasswordSource.None(),
        RecoveryObjectives.none(),
        Map.of(),
        List.of(),
        ScratchKind.bundled());
  }

  /// As this, with other schedules.
  public SourceConfig withSchedule(Map<JobKind, Cron> other) {
    return new SourceConfig(
        name, url, capture, directory, archive, password, objectives, other, assertions, scratch);
  }

  /// As this, with other objectives.
  public SourceConfig withObjectives(RecoveryObjectives other) {
    return new SourceConfig(
        name, url, capture, directory, archive, password, other, schedule, assertions, scratch);
  }
}
