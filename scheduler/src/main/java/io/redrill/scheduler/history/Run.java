package io.redrill.scheduler.history;

import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One execution of a job, going on or ended.
///
/// @param id its number, growing, unique in this history
/// @param end empty while it goes on
public record Run(long id, JobName job, RunTrigger trigger, Instant started, Optional<RunEnd> end) {

  /// How long it took; empty while it goes on.
  public Optional<Duration> duration() {
    return end.map(e -> Duration.between(started, e.finished()));
  }

  /// Whether it ended, and ended like this.
  public boolean ended(RunOutcome outcome) {
    return end.isPresent() && end.get().outcome() == outcome;
  }
}
