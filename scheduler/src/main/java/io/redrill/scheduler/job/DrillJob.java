package io.redrill.scheduler.job;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.repository.SourceName;
import io.redrill.verify.Drill;
import io.redrill.verify.DrillOptions;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Finding;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Drills the recovery of a source. A verdict other than [Verdict#PASSED] is a failed run, and so
/// is a drill whose report could not be stored.
///
/// @param options what each drill does; its trigger is replaced by that of the run
/// @param live the source itself, asked how far it is ahead of the stored log
public record DrillJob(SourceName source, Drill drill, DrillOptions options, ServerEndpoint live)
    implements Job {

  @Override
  public JobName name() {
    return new JobName(source.value(), JobKind.DRILL);
  }

  @Override
  public RunResult run(RunContext context) {
    return result(drill.run(options.withTrigger(context.trigger().label()), live));
  }

  /// What a drill with this report means for the run.
  static RunResult result(DrillReport report) {
    Optional<String> reference = Optional.of(report.id());
    Map<String, Long> numbers = new HashMap<>();
    report.measured().rpo().map(Duration::toMillis).ifPresent(ms -> numbers.put("rpoMillis", ms));
    report.measured().rto().map(Duration::toMillis).ifPresent(ms -> numbers.put("rtoMillis", ms));
    if (report.exitStatus() == ExitStatus.PROVEN.code()) {
      return new RunResult.Succeeded(reference, numbers);
    }
    if (report.verdict() == Verdict.PASSED) {
      Finding unstored = report.findings().getLast();
      return new RunResult.Failed(
          unstored.code(), "passed, but " + unstored.message(), Optional.empty(), numbers);
    }
    String message =
        "%s (exit status %d): %s"
            .formatted(report.verdict().words(), report.exitStatus(), report.summary());
    return new RunResult.Failed(report.verdict().name(), message, reference, numbers);
  }
}
