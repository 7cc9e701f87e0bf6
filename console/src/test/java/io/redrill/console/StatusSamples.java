package io.redrill.console;

import io.redrill.console.SourceStatus.RecoveryInterval;
import io.redrill.console.SourceStatus.SnapshotLine;
import io.redrill.scheduler.Firing;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two situations: a night without trouble, and one with all of it.
public final class StatusSamples {

  /// When both take place.
  public static final Instant NOW = Instant.parse("2026-11-24T02:41:07Z");

  private static final JobName SNAPSHOT = new JobName("main", JobKind.SNAPSHOT);
  private static final JobName DRILL = new JobName("main", JobKind.DRILL);

  private StatusSamples() {}

  /// Everything works.
  public static Status well() {
    SourceStatus main =
        source(
            "main",
            new ArchiveState.Following("8f1c…e2:104857600", NOW.minusMillis(800), 4096),
            List.of(new RecoveryInterval(NOW.minus(Duration.ofDays(2)), NOW.minusSeconds(1))));
    Run snapshot =
        new Run(
            12,
            SNAPSHOT,
            RunTrigger.SCHEDULE,
            NOW.minusSeconds(2467),
            Optional.of(
                RunEnd.succeeded(
                    NOW.minusSeconds(2460),
                    Optional.of("20261124T020000Z-1f2e3d4c"),
                    Map.of("keys", 200_123L))));
    return status(List.of(main), List.of(snapshot), List.of(drill("main", Verdict.PASSED)));
  }

  /// Whatever can be wrong is wrong, and every text is hostile.
  public static Status trouble() {
    SourceStatus main =
        source(
            "main",
            new ArchiveState.Failing(
                "E2001: the server does not answer (host=<script>alert(1)</script>)",
                Optional.of(NOW.minus(Duration.ofHours(3)))),
            List.of(
                new RecoveryInterval(
                    NOW.minus(Duration.ofDays(2)), NOW.minus(Duration.ofHours(30))),
                new RecoveryInterval(
                    NOW.minus(Duration.ofHours(20)), NOW.minus(Duration.ofHours(20))),
                new RecoveryInterval(
                    NOW.minus(Duration.ofHours(12)), NOW.minus(Duration.ofHours(3)))));
    SourceStatus empty =
        new SourceStatus(
            "carts",
            "redis://127.0.0.1:6380",
            "data-dir",
            new ArchiveState.Starting(),
            RecoveryObjectives.none(),
            List.of(),
            Optional.empty(),
            0);
    Run failed =
        new Run(
            13,
            DRILL,
            RunTrigger.SCHEDULE,
            NOW.minusSeconds(600),
            Optional.of(
                RunEnd.failed(
                    NOW.minusSeconds(590),
                    new RunError("E5108", "E5108: the digest differs & <b>more</b>"))));
    Run running = new Run(14, SNAPSHOT, RunTrigger.OPERATOR, NOW.minusSeconds(3), Optional.empty());
    return status(
        List.of(main, empty),
        List.of(running, failed),
        List.of(drill("main", Verdict.NOT_RECOVERED), drill("main", Verdict.PASSED)));
  }

  private static SourceStatus source(
      String name, ArchiveState archive, List<RecoveryInterval> window) {
    return new SourceStatus(
        name,
        "redis://127.0.0.1:6379",
        "psync",
        archive,
        new RecoveryObjectives(
            Optional.of(Duration.ofSeconds(60)), Optional.of(Duration.ofMinutes(10))),
        window,
        Optional.of(
            new SnapshotLine(
                "20261124T020000Z-1f2e3d4c", NOW.minusSeconds(2460), 200_123, 48_234_567)),
        48);
  }

  private static Status status(
      List<SourceStatus> sources, List<Run> runs, List<DrillReport> drills) {
    return new Status(
        NOW,
        "0.1.0",
        "file:/var/lib/redrill",
        Optional.empty(),
        sources,
        runs.stream().filter(run -> run.end().isPresent()).toList(),
        runs,
        drills,
        List.of(
            new Firing(SNAPSHOT, NOW.plusSeconds(1133)), new Firing(DRILL, NOW.plusSeconds(2933))));
  }

  private static DrillReport drill(String source, Verdict verdict) {
    return new DrillReport(
        DrillReport.VERSION,
        "20261124T013012Z-0a1b2c3d",
        source,
        "file:/var/lib/redrill",
        "schedule",
        NOW.minusSeconds(4280),
        NOW.minusSeconds(4255),
        verdict,
        verdict.exitStatus(),
        "a drill",
        Optional.empty(),
        List.of(),
        List.of(),
        RecoveryObjectives.none(),
        new Measured(
            Optional.of(Duration.ofMillis(850)),
            Optional.empty(),
            Optional.of(Duration.ofMillis(11_400)),
            Optional.empty()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
