package io.redrill.scheduler;

import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.job.Job;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs jobs when they are due.
///
/// - One job never runs twice at a time; different jobs run side by side.
/// - The clockwork lies in the daemon's database. A tick that was due while the daemon was down, or
///   while the job was still running, is made up for by one run, however many were missed.
/// - Every run is written to the history before it starts and after it ends.
///
/// Schedules are read in UTC. The ticks follow the system's clock; `clock` is what the history is
/// written with.
public final class Scheduler implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final JobRunner runner;
  private final Clockwork clockwork;
  private final Duration stopLimit;

  private Scheduler(JobRunner runner, Clockwork clockwork, Duration stopLimit) {
    this.runner = runner;
    this.clockwork = clockwork;
    this.stopLimit = stopLimit;
  }

  /// Starts the clock; jobs may begin before this returns.
  ///
  /// Runs that the history shows as going on were cut short when the last daemon died, and are
  /// marked so. Schedules that are no longer given are forgotten.
  ///
  /// @param onEnd told of each run when it has ended, on the thread that ran it
  /// @param stopLimit how long [#close] lets running jobs finish before it interrupts them
  /// @throws io.redrill.backup.RedrillException if the database fails, or a schedule has no tick
  ///   left
  public static Scheduler start(
      HistoryDatabase database,
      RunHistory history,
      Collection<? extends Job> jobs,
      List<Schedule> schedules,
      Consumer<Run> onEnd,
      Duration stopLimit,
      InstantSource clock) {
    history.markInterrupted(clock.instant());
    Map<JobName, Job> byName = new HashMap<>();
    for (Job job : jobs) {
      byName.put(job.name(), job);
    }
    JobRunner runner = new JobRunner(byName, history, onEnd, clock);
    Clockwork clockwork = Clockwork.wind(database.dataSource(), byName.keySet(), schedules, runner);
    clockwork.start();
    return new Scheduler(runner, clockwork, stopLimit);
  }

  /// Asks for a run as soon as the job is not already running; does not wait for it.
  ///
  /// @return false if there is no such job
  public boolean trigger(JobName job, RunTrigger trigger) {
    return clockwork.trigger(job, trigger);
  }

  /// The next tick of each schedule, soonest first.
  public List<Firing> nextFirings() {
    return clockwork.nextFirings().stream().sorted(Comparator.comparing(Firing::at)).toList();
  }

  /// The next tick of this job's schedule, if it has one.
  public Optional<Firing> nextFiring(JobName job) {
    return nextFirings().stream().filter(firing -> firing.job().equals(job)).findFirst();
  }

  /// Lets nothing new begin, gives running jobs the limit to finish, and then interrupts them.
  @Override
  public void close() {
    clockwork.pause();
    runner.await(stopLimit);
    runner.stopAndInterrupt();
    clockwork.stop(runner.await(GRACE));
  }
}
