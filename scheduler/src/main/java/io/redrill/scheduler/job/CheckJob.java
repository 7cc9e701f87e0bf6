package io.redrill.scheduler.job;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.recovery.RepositoryCheck;
import io.redrill.backup.repository.SourceName;
import java.util.Map;
import java.util.Optional;

/// Reads and proves everything that is stored of a source. A finding is a failed run.
public record CheckJob(SourceName source, RepositoryCheck check) implements Job {

  @Override
  public JobName name() {
    return new JobName(source.value(), JobKind.CHECK);
  }

  @Override
  public RunResult run(RunContext context) {
    return result(check.check(source));
  }

  /// What this report means for the run.
  static RunResult result(RepositoryCheck.Report report) {
    Map<String, Long> numbers =
        Map.of(
            "snapshots",
            report.snapshots(),
            "segments",
            report.segments(),
            "rdbBytes",
            report.rdbBytes(),
            "findings",
            (long) report.findings().size());
    Optional<RepositoryCheck.Finding> worst =
        report.findings().stream().min((one, other) -> one.kind().compareTo(other.kind()));
    if (worst.isEmpty()) {
      return new RunResult.Succeeded(Optional.empty(), numbers);
    }
    RepositoryCheck.Finding finding = worst.get();
    ErrorCode code =
        switch (finding.kind()) {
          case DAMAGE -> ErrorCode.REPOSITORY_DAMAGED;
          case GAP -> ErrorCode.LOG_GAP;
          case NO_SNAPSHOT -> ErrorCode.NO_SNAPSHOT;
        };
    String message =
        "%d findings (exit status %d), the worst: %s: %s; it spoils %s"
            .formatted(
                report.findings().size(),
                report.status().code(),
                finding.object(),
                finding.problem(),
                finding.spoils());
    return new RunResult.Failed(code.number(), message, Optional.empty(), numbers);
  }
}
