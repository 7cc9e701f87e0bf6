package io.redrill.verify;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Which snapshot and which segments lead to the recovery point of a drill, without a gap.
///
/// The log is followed on the timeline of the snapshot only; where a failover began another, the
/// drill restores what the first one holds.
///
/// @param segments in order of offset; empty if no log is replayed
/// @param until the moment asked for
/// @param newest the newest moment that the repository can restore
record DrillPlan(Manifest manifest, List<SegmentName> segments, Instant until, Instant newest) {

  /// Plans the way to `point`.
  ///
  /// @throws RedrillException with [ErrorCode#NO_SNAPSHOT], [ErrorCode#OUTSIDE_WINDOWS] or
  ///   [ErrorCode#LOG_GAP] if there is none
  static DrillPlan make(Repository repository, SourceName source, DrillPoint point) {
    List<Manifest> manifests = repository.manifests(source);
    if (manifests.isEmpty()) {
      throw new RedrillException(ErrorCode.NO_SNAPSHOT, "source", source);
    }
    List<SegmentName> all = repository.segments(source);
    Manifest last = manifests.getLast();
    List<SegmentName> lastLog = logAfter(last, all);
    Instant newest = newest(repository, source, last, lastLog);
    return switch (point) {
      case DrillPoint.Latest() -> new DrillPlan(last, lastLog, Instant.MAX, newest);
      case DrillPoint.OfSnapshot(String id) -> {
        Manifest chosen = repository.manifest(source, SnapshotId.of(id));
        yield new DrillPlan(chosen, List.of(), chosen.takenAt(), newest);
      }
      case DrillPoint.At(Instant time) -> at(repository, source, manifests, all, time, newest);
      case DrillPoint.RandomInWindow(long seed) -> {
        long from = manifests.getFirst().takenAt().toEpochMilli();
        long to = Math.max(from, newest.toEpochMilli());
        Instant time = Instant.ofEpochMilli(new SplittableRandom(seed).nextLong(from, to + 1));
        yield at(repository, source, manifests, all, time, newest);
      }
    };
  }

  private static DrillPlan at(
      Repository repository,
      SourceName source,
      List<Manifest> manifests,
      List<SegmentName> all,
      Instant time,
      Instant newest) {
    Manifest chosen =
        manifests.reversed().stream()
            .filter(manifest -> !manifest.takenAt().isAfter(time))
            .findFirst()
            .orElseThrow(() ->
                new RedrillException(
                    ErrorCode.OUTSIDE_WINDOWS,
                    "time",
                    time,
                    "windowBegins",
                    manifests.getFirst().takenAt()));
    if (time.isAfter(newest)) {
      throw new RedrillException(ErrorCode.OUTSIDE_WINDOWS, "time", time, "windowEnds", newest);
    }
    List<SegmentName> needed = new ArrayList<>();
    for (SegmentName segment : logAfter(chosen, all)) {
      if (SegmentReader.header(repository, source, segment).firstAt().isAfter(time)) {
        break;
      }
      needed.add(segment);
    }
    return new DrillPlan(chosen, needed, time, newest);
  }

  /// The segments from the position of `manifest` on, to the end of its timeline.
  private static List<SegmentName> logAfter(Manifest manifest, List<SegmentName> all) {
    Optional<LogPosition> position = manifest.position();
    if (position.isEmpty()) {
      return List.of();
    }
    List<SegmentName> log = new ArrayList<>();
    long reached = position.get().offset();
    for (SegmentName segment : all) {
      if (!segment.timeline().equals(position.get().timeline()) || segment.end() <= reached) {
        continue;
      }
      if (segment.first() > reached) {
        throw new RedrillException(
            ErrorCode.LOG_GAP,
            "snapshot",
            manifest.id(),
            "timeline",
            segment.timeline(),
            "missingFrom",
            reached,
            "missingTo",
            segment.first());
      }
      log.add(segment);
      reached = segment.end();
    }
    return log;
  }

  private static Instant newest(
      Repository repository, SourceName source, Manifest last, List<SegmentName> log) {
    if (log.isEmpty()) {
      return last.takenAt();
    }
    Instant end = SegmentReader.header(repository, source, log.getLast()).lastAt();
    return end.isAfter(last.takenAt()) ? end : last.takenAt();
  }
}
