package io.redrill.scheduler;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.scheduler.job.Job;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunContext;
import io.redrill.scheduler.job.RunResult;
import io.redrill.scheduler.job.RunTrigger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs jobs and writes down how they went; knows nothing of what makes the clock tick.
///
/// Ticks coalesce: a run makes up for every tick that was due before it began. So a job that takes
/// longer than its period, or a daemon that was down, is followed by one run and not by a queue.
/// The caller sees to it that one job never runs twice at a time.
final class JobRunner {

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private final Map<JobName, Job> jobs;
  private final RunHistory history;
  private final Consumer<Run> onEnd;
  private final InstantSource clock;
  private final Map<JobName, Instant> lastStarted = new ConcurrentHashMap<>();
  private final Lock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Set<Thread> running = new HashSet<>(); // guarded by lock
  private volatile boolean stopping;

  JobRunner(Map<JobName, Job> jobs, RunHistory history, Consumer<Run> onEnd, InstantSource clock) {
    this.jobs = Map.copyOf(jobs);
    this.history = history;
    this.onEnd = onEnd;
    this.clock = clock;
  }

  /// Runs the job for a tick that was due at `due`, or returns empty if a later run has made up for
  /// it.
  Optional<Run> tick(JobName name, Instant due) {
    Instant last = lastStarted.get(name);
    if (last != null && !due.isAfter(last)) {
      LOG.debug("the tick of the {} at {} was made up for by the run at {}", name, due, last);
      return Optional.empty();
    }
    return run(name, RunTrigger.SCHEDULE);
  }

  /// Runs the job now, on the calling thread; returns empty if it is unknown or all is stopping.
  Optional<Run> run(JobName name, RunTrigger trigger) {
    Job job = jobs.get(name);
    if (job == null || stopping) {
      return Optional.empty();
    }
    Instant started = clock.instant();
    lastStarted.put(name, started);
    Run run = history.begin(name, trigger, started);
    RunEnd end = interruptibly(() -> result(job, new RunContext(run.id(), trigger, started)));
    Run finished = history.end(run, end);
    report(finished, end);
    onEnd.accept(finished);
    return Optional.of(finished);
  }

  private RunEnd result(Job job, RunContext context) {
    try {
      return switch (job.run(context)) {
        case RunResult.Succeeded(Optional<String> reference, Map<String, Long> numbers) ->
            RunEnd.succeeded(clock.instant(), reference, numbers);
        case RunResult.Failed failed ->
            new RunEnd(
                clock.instant(),
                RunOutcome.FAILED,
                Optional.of(new RunError(failed.code(), failed.message())),
                failed.reference(),
                failed.numbers());
      };
    } catch (RedrillException e) {
      return stopping ? RunEnd.interrupted(clock.instant()) : failed(e);
    } catch (RuntimeException e) {
      if (stopping) {
        return RunEnd.interrupted(clock.instant());
      }
      LOG.error("the {} failed in a way that Redrill does not know", job.name(), e);
      return RunEnd.failed(
          clock.instant(), new RunError(ErrorCode.INTERNAL.number(), e.toString()));
    }
  }

  private RunEnd failed(RedrillException e) {
    return RunEnd.failed(
        clock.instant(), new RunError(e.code().number(), String.valueOf(e.getMessage())));
  }

  private static void report(Run run, RunEnd end) {
    switch (end.outcome()) {
      case SUCCEEDED -> LOG.info("{}: succeeded {}", run.job(), end.reference().orElse(""));
      case FAILED, INTERRUPTED ->
          LOG.warn(
              "{}: {}: {}",
              run.job(),
              end.outcome().label(),
              end.error().map(RunError::message).orElse("no reason given"));
    }
  }

  /// Lets `work` be interrupted, and nothing before or after it: the database would not survive an
  /// interrupt in the middle of a write.
  private RunEnd interruptibly(Supplier<RunEnd> work) {
    lock.lock();
    try {
      running.add(Thread.currentThread());
    } finally {
      lock.unlock();
    }
    try {
      return work.get();
    } finally {
      lock.lock();
      try {
        running.remove(Thread.currentThread());
        Thread.interrupted();
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Waits until no job is running, for at most `limit`; returns whether that is so.
  boolean await(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!running.isEmpty() && left > 0) {
        left = ended.awaitNanos(left);
      }
      return running.isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Lets nothing new begin, and asks the running jobs to give up.
  void stopAndInterrupt() {
    lock.lock();
    try {
      stopping = true;
      running.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
