package io.redrill.scheduler.job;

import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.DataDirSource;
import java.util.Map;
import java.util.Optional;

/// Has a server rewrite its append-only file, so that the file stays short and the log begins with
/// a fresh base.
public record RewriteJob(SourceName source, DataDirSource of) implements Job {

  @Override
  public JobName name() {
    return new JobName(source.value(), JobKind.REWRITE);
  }

  @Override
  public RunResult run(RunContext context) {
    of.rewriteLog();
    return new RunResult.Succeeded(Optional.empty(), Map.of());
  }
}
