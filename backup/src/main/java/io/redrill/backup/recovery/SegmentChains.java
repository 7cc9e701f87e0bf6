package io.redrill.backup.recovery;

import io.redrill.backup.RedrillException;
import io.redrill.backup.log.SegmentHeader;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The stored log of a source, seen as chains of segments without a gap. Made from one listing;
/// first lines are read when asked for, and kept.
final class SegmentChains {

  private final Repository repository;
  private final SourceName source;
  private final Map<String, NavigableMap<Long, SegmentName>> timelines = new TreeMap<>();
  private final Map<SegmentName, SegmentHeader> headers = new HashMap<>();

  SegmentChains(Repository repository, SourceName source) {
    this.repository = repository;
    this.source = source;
    for (SegmentName segment : repository.segments(source)) {
      timelines
          .computeIfAbsent(segment.timeline(), _ -> new TreeMap<>())
          .merge(segment.first(), segment, (one, two) -> one.end() >= two.end() ? one : two);
    }
  }

  boolean isEmpty() {
    return timelines.isEmpty();
  }

  SegmentHeader header(SegmentName segment) {
    return headers.computeIfAbsent(segment, name -> SegmentReader.header(repository, source, name));
  }

  /// The segments that hold everything from `from` on, without a gap; empty if none begins there.
  ///
  /// @param whenUnreadable is told of segments of other timelines that might continue the log, but
  ///   do not say so in a way that can be read; the chain ends before them
  List<SegmentName> from(LogPosition from, Consumer<RedrillException> whenUnreadable) {
    List<SegmentName> chain = new ArrayList<>();
    Optional<SegmentName> next = holding(from).or(() -> continuing(from, whenUnreadable));
    while (next.isPresent()) {
      chain.add(next.get());
      LogPosition reached = next.get().finish();
      next = holding(reached).or(() -> continuing(reached, whenUnreadable));
    }
    return chain;
  }

  /// The segment that holds the byte at `position`. Two archivers may have cut differently, so the
  /// one that begins last before it need not be the one.
  private Optional<SegmentName> holding(LogPosition position) {
    NavigableMap<Long, SegmentName> timeline = timelines.get(position.timeline());
    if (timeline == null) {
      return Optional.empty();
    }
    return timeline.headMap(position.offset(), true).descendingMap().values().stream()
        .limit(64)
        .filter(segment -> segment.end() > position.offset())
        .findFirst();
  }

  /// The first segment of another timeline that says that it continues this one here.
  private Optional<SegmentName> continuing(
      LogPosition position, Consumer<RedrillException> whenUnreadable) {
    return timelines.values().stream()
        .map(timeline -> timeline.firstEntry().getValue())
        .filter(first -> first.first() == position.offset())
        .filter(first -> !first.timeline().equals(position.timeline()))
        .filter(first -> continues(first, position.timeline(), whenUnreadable))
        .findFirst();
  }

  private boolean continues(
      SegmentName first, String timeline, Consumer<RedrillException> whenUnreadable) {
    try {
      return header(first).after().equals(Optional.of(timeline));
    } catch (RedrillException e) {
      whenUnreadable.accept(e);
      return false;
    }
  }

  /// The first segment that begins only behind `end`: of the same timeline, or else of one that
  /// says that it continues it.
  Optional<SegmentName> beyond(LogPosition end) {
    return timelines
        .getOrDefault(end.timeline(), new TreeMap<>())
        .tailMap(end.offset(), false)
        .values()
        .stream()
        .findFirst()
        .or(() ->
            timelines.values().stream()
                .map(timeline -> timeline.firstEntry().getValue())
                .filter(first -> first.first() > end.offset())
                .filter(first -> header(first).after().equals(Optional.of(end.timeline())))
                .min(Comparator.comparingLong(SegmentName::first)));
  }

  /// Where the log stops and goes on later, timeline by timeline; also between the last of
  /// `snapshots` that a timeline could follow, or the timeline that it says it continues, and its
  /// first segment.
  List<LogGap> gaps(Collection<Manifest> snapshots) {
    List<LogGap> gaps = new ArrayList<>();
    for (NavigableMap<Long, SegmentName> timeline : timelines.values()) {
      SegmentName furthest = timeline.firstEntry().getValue();
      inFrontOf(furthest, snapshots).ifPresent(gaps::add);
      for (SegmentName segment : timeline.values()) {
        if (segment.first() > furthest.end()) {
          gaps.add(gap(new Reached(furthest.end(), header(furthest).lastAt()), segment));
        }
        furthest = segment.end() > furthest.end() ? segment : furthest;
      }
    }
    return gaps;
  }

  /// Up to where something stored knows the data set, and the time of it.
  private record Reached(long offset, Instant at) {}

  private LogGap gap(Reached reached, SegmentName next) {
    return new LogGap(
        next.timeline(),
        /* first= */ reached.offset(),
        /* end= */ next.first(),
        reached.at(),
        header(next).firstAt());
  }

  private Optional<LogGap> inFrontOf(SegmentName first, Collection<Manifest> snapshots) {
    Optional<String> before = header(first).after();
    Stream<Reached> inSnapshots =
        snapshots.stream()
            .flatMap(snapshot ->
                snapshot.position().stream()
                    .filter(position ->
                        position.timeline().equals(first.timeline())
                            || before.filter(position.timeline()::equals).isPresent())
                    .map(position -> new Reached(position.offset(), snapshot.takenAt())));
    Stream<Reached> inLog =
        before.map(timelines::get).stream()
            .flatMap(timeline ->
                timeline.values().stream().max(Comparator.comparingLong(SegmentName::end)).stream())
            .map(last -> new Reached(last.end(), header(last).lastAt()));
    return Stream.concat(inSnapshots, inLog)
        // A timeline that was left may have gone on for a while.
        .map(reached -> new Reached(Math.min(reached.offset(), first.first()), reached.at()))
        .max(Comparator.comparingLong(Reached::offset))
        .filter(reached -> reached.offset() < first.first())
        .map(reached -> gap(reached, first));
  }
}
