package io.redrill.backup.recovery;

import io.redrill.aof.LogCut;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How to make a recovery point real: a snapshot, and the log after it up to a cut. That a plan
/// exists is the proof that no byte of log is missing in between.
///
/// @param segments in order, each beginning where the one before ends, or overlapping it; empty
///   where the snapshot alone is the recovery point
/// @param cut where the log ends
/// @param covers the latest moment that the restored data stands for: all that was received until
///   then is in it, up to the cut
/// @param end the end of the last segment, or the snapshot's position
public record RecoveryPlan(
    Manifest snapshot,
    List<SegmentName> segments,
    LogCut cut,
    Instant covers,
    Optional<LogPosition> end) {

  /// Copies the list.
  public RecoveryPlan {
    segments = List.copyOf(segments);
  }

  /// The source that is recovered.
  public SourceName source() {
    return snapshot.source();
  }

  /// Whether log has to be applied on top of the snapshot.
  public boolean needsReplay() {
    return !segments.isEmpty();
  }
}
