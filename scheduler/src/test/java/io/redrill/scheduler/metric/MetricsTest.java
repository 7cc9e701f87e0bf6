package io.redrill.scheduler.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final JobName SNAPSHOT = new JobName("main", JobKind.SNAPSHOT);
  private static final Instant START = Instant.ofEpochSecond(1_795_500_000);

  private final Metrics metrics = new Metrics();

  private static Run run(RunEnd end) {
    return new Run(1, SNAPSHOT, RunTrigger.SCHEDULE, START, Optional.of(end));
  }

  @Test
  void aRunIsCountedTimedAndRemembered() {
    metrics.ended(
        run(
            RunEnd.succeeded(
                START.plusSeconds(2), Optional.of("id"), Map.of(Metrics.STORED_BYTES, 4096L))));
    metrics.ended(run(RunEnd.failed(START.plusSeconds(60), new RunError("E2001", "no answer"))));

    assertThat(metrics.scrape())
        .contains("redrill_runs_total{job=\"snapshot\",outcome=\"succeeded\",source=\"main\"} 1.0")
        .contains("redrill_runs_total{job=\"snapshot\",outcome=\"failed\",source=\"main\"} 1.0")
        .contains("redrill_run_failures_total{code=\"E2001\",job=\"snapshot\",source=\"main\"} 1.0")
        .contains("redrill_run_duration_seconds_sum{job=\"snapshot\",source=\"main\"} 62.0")
        .contains("redrill_run_bytes_total{job=\"snapshot\",source=\"main\"} 4096.0")
        .contains("redrill_last_run_succeeded{job=\"snapshot\",source=\"main\"} 0.0")
        .contains(
            "redrill_last_success_timestamp_seconds{job=\"snapshot\",source=\"main\"} 1.795500002E9")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void aSourceIsReadWhenMetricsAre() {
    metrics.source("main", () -> new SourceReading(Optional.of(Duration.ofMillis(1500)), true, 42));
    metrics.source("new", () -> new SourceReading(Optional.empty(), false, 0));

    assertThat(metrics.scrape())
        .contains("redrill_recovery_point_age_seconds{source=\"main\"} 1.5")
        .contains("redrill_archive_following{source=\"main\"} 1.0")
        .contains("redrill_archive_lag_bytes{source=\"main\"} 42.0")
        .contains("redrill_recovery_point_age_seconds{source=\"new\"} NaN");
  }
}
