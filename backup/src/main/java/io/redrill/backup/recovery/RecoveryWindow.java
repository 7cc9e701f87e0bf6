package io.redrill.backup.recovery;

import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.SnapshotId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A closed interval of recovery points: each instant in `[from, to]` can be restored.
///
/// @param end where in the log it ends; empty for a snapshot that no log can follow
/// @param snapshots those it can be restored from, oldest first
public record RecoveryWindow(
    Instant from, Instant to, Optional<LogPosition> end, List<SnapshotId> snapshots) {

  /// Copies the list.
  public RecoveryWindow {
    snapshots = List.copyOf(snapshots);
  }

  /// Whether `time` lies in it.
  public boolean contains(Instant time) {
    return !time.isBefore(from) && !time.isAfter(to);
  }
}
