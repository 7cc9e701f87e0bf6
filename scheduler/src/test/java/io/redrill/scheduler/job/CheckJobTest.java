package io.redrill.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.backup.recovery.RepositoryCheck;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.memory.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckJobTest {

  private static final SourceName SOURCE = SourceName.of("orders");
  private static final String MANIFEST =
      "orders/snapshots/20261124T024100.123Z-9f3c2a1b/manifest.json";

  private static final RepositoryCheck.Finding GAP =
      new RepositoryCheck.Finding(
          RepositoryCheck.Kind.GAP, "orders/log/t", "bytes 1 to 2 are missing", "an hour");
  private static final RepositoryCheck.Finding DAMAGE =
      new RepositoryCheck.Finding(
          RepositoryCheck.Kind.DAMAGE, "orders/log/t/1-2", "it is truncated", "a minute");

  @TempDir private Path directory;

  @Test
  void aWholeRepositoryIsASuccessWithItsFigures() {
    assertThat(CheckJob.result(new RepositoryCheck.Report(2, 30, 4_096, List.of())))
        .isEqualTo(
            new RunResult.Succeeded(
                Optional.empty(),
                Map.of("snapshots", 2L, "segments", 30L, "rdbBytes", 4_096L, "findings", 0L)));
  }

  @Test
  void aGapIsAFailure() {
    assertThat(CheckJob.result(new RepositoryCheck.Report(2, 30, 4_096, List.of(GAP))))
        .isEqualTo(
            new RunResult.Failed(
                "E5004",
                "1 findings (exit status 6), the worst: orders/log/t: bytes 1 to 2 are missing; it"
                    + " spoils an hour",
                Optional.empty(),
                Map.of("snapshots", 2L, "segments", 30L, "rdbBytes", 4_096L, "findings", 1L)));
  }

  @Test
  void damageIsWorseThanAGap() {
    assertThat(CheckJob.result(new RepositoryCheck.Report(2, 30, 4_096, List.of(GAP, DAMAGE))))
        .isEqualTo(
            new RunResult.Failed(
                "E3103",
                "2 findings (exit status 5), the worst: orders/log/t/1-2: it is truncated; it"
                    + " spoils a minute",
                Optional.empty(),
                Map.of("snapshots", 2L, "segments", 30L, "rdbBytes", 4_096L, "findings", 2L)));
  }

  @Test
  void aFailedCheckStandsInHistoryAndMetricsAsFailed() throws IOException {
    MemoryStore store = new MemoryStore(InstantSource.system());
    Repository repository = Repository.init(store, InstantSource.system(), new Random(1));
    store.put(ObjectKey.of(MANIFEST), new ByteArrayInputStream(new byte[] {'{'}), 1);

    RecordedJob recorded =
        RecordedJob.run(new CheckJob(SOURCE, new RepositoryCheck(repository)), directory);

    assertThat(recorded.end().outcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(recorded.end().error().orElseThrow().code()).isEqualTo("E3103");
    assertThat(recorded.end().error().orElseThrow().message())
        .contains("exit status 5", MANIFEST, "9f3c2a1b");
    assertThat(recorded.end().numbers()).containsEntry("findings", 1L);
    assertThat(recorded.metrics())
        .contains("redrill_runs_total{job=\"check\",outcome=\"failed\",source=\"orders\"} 1.0")
        .contains("redrill_run_failures_total{code=\"E3103\",job=\"check\",source=\"orders\"} 1.0")
        .contains("redrill_last_run_succeeded{job=\"check\",source=\"orders\"} 0.0");
  }

  /// A check that found nothing to check has proved nothing.
  @Test
  void aSourceOfWhichNothingIsStoredIsAFailure() {
    MemoryStore store = new MemoryStore(InstantSource.system());
    Repository repository = Repository.init(store, InstantSource.system(), new Random(1));

    RecordedJob recorded =
        RecordedJob.run(new CheckJob(SOURCE, new RepositoryCheck(repository)), directory);

    assertThat(recorded.end().outcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(recorded.end().error().orElseThrow().code()).isEqualTo("E5002");
  }
}
