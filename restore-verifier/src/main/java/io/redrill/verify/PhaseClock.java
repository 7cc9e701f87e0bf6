package io.redrill.verify;

import io.redrill.verify.report.PhaseTiming;
import io.redrill.verify.report.PhaseTiming.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Measures the phases of one drill, one after the other.
final class PhaseClock {

  private final LongSupplier nanoTime;
  private final long start;
  private final List<PhaseTiming> timings = new ArrayList<>();

  /// Starts the clock; `nanoTime` counts nanoseconds from anywhere and never goes back.
  PhaseClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /// What a phase does, and returns.
  @FunctionalInterface
  interface Step<T> {
    T run(Amount amount);
  }

  /// What a phase has moved; the step says so while it runs.
  static final class Amount {
    private long bytes;
    private long items;

    /// Says what was moved so far.
    void set(long bytes, long items) {
      this.bytes = bytes;
      this.items = items;
    }
  }

  /// Runs `step` as `phase`, which is noted as failed if the step throws.
  <T> T measure(Phase phase, Step<T> step) {
    Duration begun = elapsed();
    Amount amount = new Amount();
    boolean completed = false;
    try {
      T result = step.run(amount);
      completed = true;
      return result;
    } finally {
      Duration took = elapsed().minus(begun);
      timings.add(new PhaseTiming(phase, begun, took, amount.bytes, amount.items, completed));
    }
  }

  /// The time since the clock was started.
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - start);
  }

  /// The phases so far.
  List<PhaseTiming> timings() {
    return List.copyOf(timings);
  }

  /// The time spent so far in the phases that a real recovery takes.
  Duration recoveryTime() {
    return timings.stream()
        .filter(timing -> timing.phase().recovery())
        .map(PhaseTiming::duration)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
