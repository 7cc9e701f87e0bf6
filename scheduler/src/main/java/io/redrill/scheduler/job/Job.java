package io.redrill.scheduler.job;

/// One thing that is done to one source, again and again.
///
/// A job is idempotent: ticks that were missed are made up for by one run, and a run that was cut
/// short is simply followed by another. It may block for as long as its work takes; it gives up
/// soon after its thread is interrupted.
public interface Job {

  /// Whose job it is, and what it does.
  JobName name();

  /// Does the work once and says how it went.
  ///
  /// @throws io.redrill.backup.RedrillException if the work could not be done; the scheduler
  ///   records its code and sentence in the history
  RunResult run(RunContext context);
}
