package io.redrill.cli.daemon;

import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.SegmentName;
import io.redrill.console.SourceStatus.RecoveryInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The recovery window as far as names and manifests alone prove it, without opening a segment.
///
/// Each snapshot can be restored. Where the names of the segments lead from one snapshot to the
/// next without a gap, so can every moment between them; where they lead to the position that the
/// archiver stored last, so can every moment until then. A log whose end no snapshot and no running
/// archiver dates is left out: the window shown is never wider than the real one.
final class WindowEstimate {

  private final List<SegmentName> segments;

  private WindowEstimate(List<SegmentName> segments) {
    this.segments = segments.stream().sorted(Comparator.comparingLong(SegmentName::first)).toList();
  }

  static List<RecoveryInterval> of(
      List<Manifest> manifests, List<SegmentName> segments, Optional<ArchiverStatus> archiver) {
    WindowEstimate estimate = new WindowEstimate(segments);
    List<Manifest> ordered =
        manifests.stream().sorted(Comparator.comparing(Manifest::takenAt)).toList();
    List<RecoveryInterval> window = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      Manifest manifest = ordered.get(i);
      Instant until = estimate.until(manifest, archiver);
      boolean leadsOn =
          i + 1 < ordered.size() && estimate.leads(manifest.position(), ordered.get(i + 1));
      if (leadsOn && ordered.get(i + 1).takenAt().isAfter(until)) {
        until = ordered.get(i + 1).takenAt();
      }
      add(window, new RecoveryInterval(manifest.takenAt(), until));
    }
    return window;
  }

  private static void add(List<RecoveryInterval> window, RecoveryInterval next) {
    if (window.isEmpty() || window.getLast().to().isBefore(next.from())) {
      window.add(next);
      return;
    }
    RecoveryInterval last = window.removeLast();
    Instant to = last.to().isAfter(next.to()) ? last.to() : next.to();
    window.add(new RecoveryInterval(last.from(), to));
  }

  /// The time of the newest stored command, if the log leads there from this snapshot.
  private Instant until(Manifest manifest, Optional<ArchiverStatus> archiver) {
    return archiver
        .filter(status -> status.stored().isPresent() && status.storedUntil().isPresent())
        .filter(status -> reaches(manifest.position(), status.stored().get()))
        .flatMap(ArchiverStatus::storedUntil)
        .filter(stored -> stored.isAfter(manifest.takenAt()))
        .orElse(manifest.takenAt());
  }

  private boolean leads(Optional<LogPosition> from, Manifest next) {
    return next.position().isPresent() && reaches(from, next.position().get());
  }

  private boolean reaches(Optional<LogPosition> from, LogPosition to) {
    return from.filter(position -> position.timeline().equals(to.timeline()))
        .map(position -> end(position) >= to.offset())
        .orElse(false);
  }

  private long end(LogPosition from) {
    long end = from.offset();
    for (SegmentName segment : segments) {
      if (segment.timeline().equals(from.timeline())
          && segment.first() <= end
          && segment.end() > end) {
        end = segment.end();
      }
    }
    return end;
  }
}
