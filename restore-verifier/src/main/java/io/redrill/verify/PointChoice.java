package io.redrill.verify;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.RecoveryWindow;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/// Turns the recovery point that a drill is asked for into the plan for it.
final class PointChoice {

  private PointChoice() {}

  /// The plan for `point`.
  ///
  /// The newest recovery point is the end of the log. So log that is stored behind a gap, and that
  /// no snapshot makes restorable, is a failure here, though what lies before the gap could be
  /// restored.
  ///
  /// @throws RedrillException with [ErrorCode#NO_SNAPSHOT], [ErrorCode#SNAPSHOT_NOT_FOUND],
  ///   [ErrorCode#OUTSIDE_WINDOWS] or [ErrorCode#LOG_GAP]
  static RecoveryPlan plan(RecoveryPlanner planner, SourceName source, DrillPoint point) {
    return switch (point) {
      case DrillPoint.Latest() -> planner.plan(new RecoveryRequest.Latest());
      case DrillPoint.OfSnapshot(String id) ->
          planner.plan(new RecoveryRequest.AtSnapshot(SnapshotId.of(id)));
      case DrillPoint.At(Instant time) -> planner.plan(new RecoveryRequest.AtTime(time));
      case DrillPoint.RandomInWindow(long seed) ->
          planner.plan(new RecoveryRequest.AtTime(draw(planner.windows(), source, seed)));
    };
  }

  /// A millisecond of the windows, each as likely as any other.
  private static Instant draw(List<RecoveryWindow> windows, SourceName source, long seed) {
    if (windows.isEmpty()) {
      throw new RedrillException(ErrorCode.NO_SNAPSHOT, "source", source);
    }
    long rest =
        new SplittableRandom(seed).nextLong(windows.stream().mapToLong(PointChoice::moments).sum());
    for (RecoveryWindow window : windows) {
      if (rest < moments(window)) {
        return window.from().plusMillis(rest);
      }
      rest -= moments(window);
    }
    throw new IllegalStateException("more was drawn than there is");
  }

  private static long moments(RecoveryWindow window) {
    return Duration.between(window.from(), window.to()).toMillis() + 1;
  }
}
