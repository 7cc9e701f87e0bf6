package io.redrill.console;

import io.redrill.verify.report.RecoveryObjectives;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How one source stands.
///
/// @param location where the server is, without secrets
/// @param capture `psync` or `data-dir`
/// @param window the stretches of time that can be restored, oldest first; what lies between two of
///   them is a gap
/// @param newestSnapshot the newest snapshot, if there is one
/// @param snapshots how many there are
public record SourceStatus(
    String name,
    String location,
    String capture,
    ArchiveState archive,
    RecoveryObjectives objectives,
    List<RecoveryInterval> window,
    Optional<SnapshotLine> newestSnapshot,
    int snapshots) {

  /// Keeps its own copy.
  public SourceStatus {
    window = List.copyOf(window);
  }

  /// A stretch of time, both ends included, each moment of which can be restored. A snapshot
  /// without a log is a stretch of no length.
  public record RecoveryInterval(Instant from, Instant to) {}

  /// The newest snapshot, in a line.
  public record SnapshotLine(String id, Instant taken, long keys, long storedBytes) {}

  /// The newest moment that can be restored, if there is any.
  public Optional<Instant> newestRecoveryPoint() {
    return window.stream().map(RecoveryInterval::to).max(Instant::compareTo);
  }

  /// How old the newest recovery point is: what would be lost if the source vanished now.
  public Optional<Duration> recoveryPointAge(Instant now) {
    return newestRecoveryPoint()
        .map(newest -> newest.isAfter(now) ? Duration.ZERO : Duration.between(newest, now));
  }
}
