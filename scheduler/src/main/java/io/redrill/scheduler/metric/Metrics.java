package io.redrill.scheduler.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.scheduler.job.JobName;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What Prometheus is told: how old recovery points are, what ran and how it ended.
///
/// | metric | labels | meaning |
/// |---|---|---|
/// | `redrill_recovery_point_age_seconds` | source | NaN while nothing can be restored |
/// | `redrill_archive_following` | source | 1 while the log is followed, else 0 |
/// | `redrill_archive_lag_bytes` | source | received and not stored yet |
/// | `redrill_runs_total` | source, job, outcome | runs that ended since the start |
/// | `redrill_run_failures_total` | source, job, code | the same, by error code |
/// | `redrill_run_duration_seconds` | source, job | how long they took |
/// | `redrill_run_bytes_total` | source, job | what they stored |
/// | `redrill_last_run_timestamp_seconds` | source, job | when the last one ended |
/// | `redrill_last_run_succeeded` | source, job | 1 or 0 |
/// | `redrill_last_success_timestamp_seconds` | source, job | when the last good one ended |
///
/// and the memory, threads, processors and uptime of this process. May be used by many threads.
public final class Metrics {

  /// The figure of a run that is counted as bytes stored.
  public static final String STORED_BYTES = "storedBytes";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<JobName, RunEnd> lastEnd = new ConcurrentHashMap<>();
  private final Map<JobName, Instant> lastSuccess = new ConcurrentHashMap<>();

  /// Measures this process, and nothing else yet.
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /// Measures a source from now on; `reading` is asked whenever metrics are read, and must not
  /// block for long.
  public void source(String name, Supplier<SourceReading> reading) {
    gauge(
        "redrill.recovery.point.age.seconds",
        name,
        reading,
        now -> now.recoveryPointAge().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN));
    gauge("redrill.archive.following", name, reading, now -> now.archiving() ? 1 : 0);
    gauge("redrill.archive.lag.bytes", name, reading, SourceReading::archiveLagBytes);
  }

  private void gauge(
      String metric,
      String source,
      Supplier<SourceReading> reading,
      ToDoubleFunction<SourceReading> value) {
    Gauge.builder(metric, reading, supplier -> value.applyAsDouble(supplier.get()))
        .tags("source", source)
        .strongReference(true)
        .register(registry);
  }

  /// Takes up what an earlier process did, from its history: timestamps survive a restart, counters
  /// begin anew.
  public void remember(Run run) {
    run.end().ifPresent(end -> last(run.job(), end));
  }

  /// Counts a run that has ended.
  public void ended(Run run) {
    run.end().ifPresent(end -> ended(run, end));
  }

  private void ended(Run run, RunEnd end) {
    Tags tags = tags(run.job());
    Counter.builder("redrill.runs")
        .tags(tags.and("outcome", end.outcome().label()))
        .register(registry)
        .increment();
    end.error()
        .ifPresent(error ->
            Counter.builder("redrill.run.failures")
                .tags(tags.and("code", error.code()))
                .register(registry)
                .increment());
    run.duration()
        .ifPresent(duration ->
            Timer.builder("redrill.run.duration").tags(tags).register(registry).record(duration));
    Counter.builder("redrill.run.bytes")
        .tags(tags)
        .register(registry)
        .increment(end.numbers().getOrDefault(STORED_BYTES, 0L));
    last(run.job(), end);
  }

  private void last(JobName job, RunEnd end) {
    if (end.outcome() == RunOutcome.SUCCEEDED && lastSuccess.put(job, end.finished()) == null) {
      Gauge.builder(
              "redrill.last.success.timestamp.seconds",
              lastSuccess,
              times -> times.getOrDefault(job, Instant.EPOCH).getEpochSecond())
          .tags(tags(job))
          .register(registry);
    }
    if (lastEnd.put(job, end) == null) {
      Gauge.builder(
              "redrill.last.run.timestamp.seconds",
              lastEnd,
              ends -> ends.getOrDefault(job, end).finished().getEpochSecond())
          .tags(tags(job))
          .register(registry);
      Gauge.builder(
              "redrill.last.run.succeeded",
              lastEnd,
              ends -> ends.getOrDefault(job, end).outcome() == RunOutcome.SUCCEEDED ? 1 : 0)
          .tags(tags(job))
          .register(registry);
    }
  }

  private static Tags tags(JobName job) {
    return Tags.of("source", job.source(), "job", job.kind().label());
  }

  /// All of it, in the text format of Prometheus.
  public String scrape() {
    return registry.scrape();
  }
}
