package io.redrill.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.storage.memory.MemoryStore;
import io.redrill.verify.Drill;
import io.redrill.verify.DrillOptions;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Finding;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrillJobTest {

  private static final SourceName SOURCE = SourceName.of("orders");
  private static final Instant START = Instant.parse("2026-11-24T03:30:00Z");
  private static final String ID = "20261124T033007.000Z-0a1b2c3d";

  @TempDir private Path directory;

  private static DrillReport report(Verdict verdict) {
    return new DrillReport(
        DrillReport.VERSION,
        ID,
        SOURCE.value(),
        "file:/backups",
        "schedule",
        START,
        START.plusSeconds(7),
        verdict,
        verdict.exitStatus(),
        "What came of it.",
        Optional.empty(),
        List.of(),
        List.of(),
        RecoveryObjectives.none(),
        new Measured(
            Optional.of(Duration.ofMillis(2_100)),
            Optional.empty(),
            Optional.of(Duration.ofMillis(4_210)),
            Optional.empty()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  @Test
  void aDrillThatPassedIsASuccessWithItsFigures() {
    assertThat(DrillJob.result(report(Verdict.PASSED)))
        .isEqualTo(
            new RunResult.Succeeded(
                Optional.of(ID), Map.of("rpoMillis", 2_100L, "rtoMillis", 4_210L)));
  }

  @ParameterizedTest
  @EnumSource(value = Verdict.class, mode = EnumSource.Mode.EXCLUDE, names = "PASSED")
  void everyOtherVerdictIsAFailureThatSaysWhich(Verdict verdict) {
    assertThat(DrillJob.result(report(verdict)))
        .isEqualTo(
            new RunResult.Failed(
                verdict.name(),
                "%s (exit status %d): What came of it."
                    .formatted(verdict.words(), verdict.exitStatus()),
                Optional.of(ID),
                Map.of("rpoMillis", 2_100L, "rtoMillis", 4_210L)));
  }

  @Test
  void aReportThatCouldNotBeStoredIsAFailure() {
    Finding why =
        new Finding(
            Finding.Severity.WARNING,
            "E3003",
            "this report could not be stored: the disk is full",
            Optional.empty(),
            "Make room.");

    assertThat(DrillJob.result(report(Verdict.PASSED).unstored(why)))
        .isEqualTo(
            new RunResult.Failed(
                "E3003",
                "passed, but this report could not be stored: the disk is full",
                Optional.empty(),
                Map.of("rpoMillis", 2_100L, "rtoMillis", 4_210L)));
  }

  @Test
  void whatWasNotMeasuredIsNoFigure() {
    MemoryStore store = new MemoryStore(InstantSource.system());
    DrillReport report = drill(store).run(options());

    assertThat(DrillJob.result(report).numbers()).isEmpty();
  }

  private Drill drill(MemoryStore store) {
    Random random = new Random(1);
    Repository repository = Repository.init(store, InstantSource.system(), random);
    return new Drill(repository, InstantSource.system(), System::nanoTime, random);
  }

  private DrillOptions options() {
    return DrillOptions.of(SOURCE.value(), directory.resolve("work"));
  }

  /// Nothing was ever backed up: there is no recovery point.
  @Test
  void aFailedDrillStandsInHistoryAndMetricsAsFailed() {
    MemoryStore store = new MemoryStore(InstantSource.system());
    ServerEndpoint live = ServerEndpoint.of("127.0.0.1", 1);

    RecordedJob recorded =
        RecordedJob.run(new DrillJob(SOURCE, drill(store), options(), live), directory);

    DrillReport stored =
        new DrillHistory(Repository.open(store)).newest(SOURCE.value()).orElseThrow();
    assertThat(stored.verdict()).isEqualTo(Verdict.NO_RECOVERY_POINT);
    assertThat(stored.trigger()).isEqualTo("operator");
    assertThat(recorded.end().outcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(recorded.end().reference()).contains(stored.id());
    assertThat(recorded.end().error())
        .contains(
            new RunError(
                "NO_RECOVERY_POINT", "no recovery point (exit status 6): " + stored.summary()));
    assertThat(recorded.metrics())
        .contains("redrill_runs_total{job=\"drill\",outcome=\"failed\",source=\"orders\"} 1.0")
        .contains(
            "redrill_run_failures_total{code=\"NO_RECOVERY_POINT\",job=\"drill\",source=\"orders\"} 1.0")
        .contains("redrill_last_run_succeeded{job=\"drill\",source=\"orders\"} 0.0")
        .doesNotContain("redrill_last_success_timestamp_seconds");
  }
}
