package io.redrill.scheduler.job;

import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.backup.source.Source;
import io.redrill.scheduler.metric.Metrics;
import java.util.Map;
import java.util.Optional;

/// Takes a snapshot of a source.
public record SnapshotJob(SourceName source, Source from, SnapshotTaker taker) implements Job {

  @Override
  public JobName name() {
    return new JobName(source.value(), JobKind.SNAPSHOT);
  }

  @Override
  public RunResult run(RunContext context) {
    Manifest manifest = taker.take(source, from);
    return new RunResult.Succeeded(
        Optional.of(manifest.id().value()),
        Map.of(
            "keys",
            manifest.dataset().keys(),
            "rdbBytes",
            manifest.rdb().bytes(),
            Metrics.STORED_BYTES,
            manifest.storedBytes()));
  }
}
