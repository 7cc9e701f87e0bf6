package io.redrill.backup.recovery;

import io.redrill.aof.LogCut;
import io.redrill.backup.repository.SnapshotId;
import java.time.Instant;
import java.util.Optional;

/// Which recovery point is wanted.
public sealed interface RecoveryRequest {

  /// The newest there is: the end of the log, or else the newest snapshot.
  record Latest() implements RecoveryRequest {}

  /// A snapshot as it was taken, without log.
  record AtSnapshot(SnapshotId snapshot) implements RecoveryRequest {}

  /// Everything that was received up to `time`, that instant included.
  record AtTime(Instant time) implements RecoveryRequest {}

  /// Every command that ends at `offset` or before.
  ///
  /// @param timeline empty for the one of the newest snapshot that can be followed there
  record AtOffset(Optional<String> timeline, long offset) implements RecoveryRequest {}

  /// Just before a command: the nth match in the log after the newest snapshot that has so many
  /// after it.
  record Before(LogCut.BeforeMatch match) implements RecoveryRequest {}
}
