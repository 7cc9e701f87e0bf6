package io.redrill.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is moved.
public final class ManualClock implements InstantSource {

  private volatile Instant now;

  /// Stands at `now`.
  public ManualClock(Instant now) {
    this.now = now;
  }

  /// Moves on.
  public void advance(Duration step) {
    now = now.plus(step);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
