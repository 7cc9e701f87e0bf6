package io.redrill.verify;

import java.time.Instant;

/// Which recovery point a drill restores.
public sealed interface DrillPoint {

  /// The newest moment that the repository can restore.
  record Latest() implements DrillPoint {}

  /// A moment drawn evenly from the recovery window, so that every part of it is tested in time.
  ///
  /// @param seed draws the same moment again from the same window
  record RandomInWindow(long seed) implements DrillPoint {}

  /// One snapshot, without its log.
  record OfSnapshot(String snapshotId) implements DrillPoint {}

  /// A moment in time, log included.
  record At(Instant time) implements DrillPoint {}

  /// How the choice is told in the report.
  default String words() {
    return switch (this) {
      case Latest() -> "latest";
      case RandomInWindow(long seed) -> "random (seed " + seed + ")";
      case OfSnapshot(String snapshotId) -> "snapshot " + snapshotId;
      case At(Instant time) -> "at " + time;
    };
  }
}
