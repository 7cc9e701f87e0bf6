package io.redrill.scheduler;

import io.redrill.scheduler.job.Job;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunContext;
import io.redrill.scheduler.job.RunResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A job that counts its runs, and the most that went on at a time.
final class FakeJob implements Job {

  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final JobName name;
  private final Function<RunContext, RunResult> work;

  FakeJob(JobName name, Function<RunContext, RunResult> work) {
    this.name = name;
    this.work = work;
  }

  FakeJob(JobName name) {
    this(name, context -> new RunResult.Succeeded(Optional.of("made"), Map.of("keys", 7L)));
  }

  @Override
  public JobName name() {
    return name;
  }

  @Override
  public RunResult run(RunContext context) {
    runs.incrementAndGet();
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try {
      return work.apply(context);
    } finally {
      now.decrementAndGet();
    }
  }
}
