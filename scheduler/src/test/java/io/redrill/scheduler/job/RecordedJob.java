package io.redrill.scheduler.job;

import static org.awaitility.Awaitility.await;

import io.redrill.scheduler.Scheduler;
import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.metric.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// What a run leaves behind in the history, read from disk again, and in the metrics.
///
/// @param end as the history has it
/// @param metrics in the text form of Prometheus
record RecordedJob(RunEnd end, String metrics) {

  /// Has the scheduler run `job` once, with its database in `directory`.
  static RecordedJob run(Job job, Path directory) {
    Metrics metrics = new Metrics();
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      RunHistory history = new RunHistory(database);
      try (Scheduler scheduler =
          Scheduler.start(
              database,
              history,
              List.of(job),
              List.of(),
              metrics::ended,
              Duration.ofSeconds(30),
              InstantSource.system())) {
        scheduler.trigger(job.name(), RunTrigger.OPERATOR);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> metrics.scrape().contains("redrill_last_run_succeeded"));
      }
    }
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      Run run = new RunHistory(database).lastEnded(job.name()).orElseThrow();
      return new RecordedJob(run.end().orElseThrow(), metrics.scrape());
    }
  }
}
