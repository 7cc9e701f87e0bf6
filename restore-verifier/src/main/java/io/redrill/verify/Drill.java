package io.redrill.verify;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Finding;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Rehearses recovery: restores a recovery point into a scratch instance, proves what came back,
/// measures what it cost, and stores the report.
///
/// May be used by several threads, if the random generator may.
public final class Drill {

  private final Repository repository;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;

  /// Drills backups of `repository`.
  ///
  /// @param clock tells the time of day
  /// @param nanoTime measures durations: nanoseconds from anywhere, never going back
  /// @param random for the names of reports
  public Drill(
      Repository repository, InstantSource clock, LongSupplier nanoTime, RandomGenerator random) {
    this.repository = repository;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /// Runs a drill, blocking until its scratch instance is gone and its report is stored. Whatever
  /// was found, damage and unreachable stores too, is the verdict of the report. A report that
  /// cannot be stored is returned all the same, with a finding that says so.
  ///
  /// @throws RedrillException with [io.redrill.backup.ErrorCode#INTERRUPTED] if this thread is
  ///   interrupted; nothing is left behind then, and no report stored
  public DrillReport run(DrillOptions options) {
    return run(options, Optional.empty());
  }

  /// As above, and asks the live source how far it is ahead of the stored log.
  public DrillReport run(DrillOptions options, ServerEndpoint liveSource) {
    return run(options, Optional.of(liveSource));
  }

  private DrillReport run(DrillOptions options, Optional<ServerEndpoint> liveSource) {
    DrillReport report =
        new DrillRun(options, liveSource, repository, clock, nanoTime)
            .run(at -> Repository.drillName(at, random));
    try {
      return new DrillHistory(repository).append(report);
    } catch (RedrillException e) {
      Finding cause = DrillRecord.finding(e);
      return report.unstored(
          new Finding(
              Finding.Severity.WARNING,
              cause.code(),
              "this report could not be stored: " + cause.message(),
              cause.object(),
              cause.hint()));
    }
  }
}
