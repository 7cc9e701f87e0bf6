package io.redrill.console;

import io.redrill.scheduler.Firing;
import io.redrill.scheduler.history.Run;
import io.redrill.verify.report.DrillReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How everything stands at one moment.
///
/// @param now that moment
/// @param version of Redrill
/// @param repository its location, without secrets
/// @param repositoryProblem why the repository could not be read, if it could not
/// @param lastEnded the last run that has ended of each job of each source
/// @param runs the newest runs, newest first
/// @param drills the newest drill reports, newest first
/// @param nextFirings the next tick of each schedule, soonest first
public record Status(
    Instant now,
    String version,
    String repository,
    Optional<String> repositoryProblem,
    List<SourceStatus> sources,
    List<Run> lastEnded,
    List<Run> runs,
    List<DrillReport> drills,
    List<Firing> nextFirings) {

  /// Keeps its own copies.
  public Status {
    sources = List.copyOf(sources);
    lastEnded = List.copyOf(lastEnded);
    runs = List.copyOf(runs);
    drills = List.copyOf(drills);
    nextFirings = List.copyOf(nextFirings);
  }
}
