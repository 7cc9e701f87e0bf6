package io.redrill.backup.recovery;

import io.redrill.aof.LogCut;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out what can be restored, and how.
///
/// A planner is a view of the repository at the moment it was made: one listing of snapshots and
/// segments. A snapshot with a position can be followed by the segments that hold the bytes from
/// there on, as long as each begins where the one before ended. The first bytes that no segment
/// holds end the recovery window.
///
/// Times are compared with the time marks in the log, which are times of receipt.
///
/// What is damaged keeps nothing else from being restored: a snapshot whose manifest cannot be read
/// is left out, and so is the end of a log that cannot be dated. But nothing is called the latest,
/// or absent, that the damage may hide.
public final class RecoveryPlanner {

  private final Repository repository;
  private final SourceName source;
  private final SegmentChains chains;
  private final List<Manifest> snapshots = new ArrayList<>();
  private final List<Damage> damage = new ArrayList<>();
  private final List<Reach> newestFirst;

  /// Something unreadable, and from when on it may hide what there is.
  private record Damage(RedrillException failure, Instant since) {}

  /// A snapshot, and how far the log after it reaches.
  private record Reach(Manifest snapshot, List<SegmentName> log, Instant until) {

    Optional<LogPosition> end() {
      return log.isEmpty() ? snapshot.position() : Optional.of(log.getLast().finish());
    }

    /// Whether everything before `position` is in the snapshot or the log.
    boolean holds(LogPosition position) {
      return end()
          .filter(end ->
              end.timeline().equals(position.timeline()) && position.offset() <= end.offset())
          .isPresent();
    }
  }

  /// Reads the listing of `source`.
  public RecoveryPlanner(Repository repository, SourceName source) {
    this.repository = repository;
    this.source = source;
    this.chains = new SegmentChains(repository, source);
    for (SnapshotId id : repository.snapshots(source)) {
      try {
        snapshots.add(repository.manifest(source, id));
      } catch (RedrillException e) {
        note(e, id.startedAt());
      }
    }
    List<Reach> all = snapshots.stream().map(this::reach).toList();
    this.newestFirst =
        all.stream()
            .map(reach -> witnessed(reach, all))
            .sorted(
                Comparator.comparing((Reach reach) -> reach.snapshot().takenAt())
                    .thenComparing(reach -> reach.snapshot().id())
                    .reversed())
            .toList();
  }

  private Reach reach(Manifest snapshot) {
    List<RedrillException> undated = new ArrayList<>();
    List<SegmentName> log =
        snapshot.position().map(position -> chains.from(position, undated::add)).orElse(List.of());
    Instant until = snapshot.takenAt();
    while (!log.isEmpty()) {
      try {
        Instant last = chains.header(log.getLast()).lastAt();
        until = last.isAfter(until) ? last : until;
        break;
      } catch (RedrillException e) {
        undated.add(e);
        log = log.subList(0, log.size() - 1);
      }
    }
    for (RedrillException e : undated) {
      note(e, until);
    }
    return new Reach(snapshot, log, until);
  }

  /// A store that does not answer is another matter than damage: then nothing is known.
  private void note(RedrillException failure, Instant since) {
    if (failure.status() != ExitStatus.CHECK_FAILED) {
      throw failure;
    }
    damage.add(new Damage(failure, since));
  }

  /// A snapshot whose position lies in the log of `reach` proves that nothing beyond that log had
  /// happened when it was taken, also if the log has no time mark so late.
  private static Reach witnessed(Reach reach, List<Reach> all) {
    Instant until = reach.until();
    for (Reach other : all) {
      Instant takenAt = other.snapshot().takenAt();
      if (takenAt.isAfter(until) && other.snapshot().position().filter(reach::holds).isPresent()) {
        until = takenAt;
      }
    }
    return new Reach(reach.snapshot(), reach.log(), until);
  }

  /// The plan for a recovery point.
  ///
  /// @throws RedrillException with [ErrorCode#NO_SNAPSHOT], [ErrorCode#SNAPSHOT_NOT_FOUND],
  ///   [ErrorCode#OUTSIDE_WINDOWS], [ErrorCode#LOG_GAP] or [ErrorCode#NO_MATCH]; or naming what is
  ///   damaged, where it may hide what was asked for
  public RecoveryPlan plan(RecoveryRequest request) {
    if (newestFirst.isEmpty()) {
      throw unlessHidden(new RedrillException(ErrorCode.NO_SNAPSHOT, "source", source));
    }
    return switch (request) {
      case RecoveryRequest.Latest _ -> latest();
      case RecoveryRequest.AtSnapshot(SnapshotId snapshot) -> atSnapshot(snapshot);
      case RecoveryRequest.AtTime(Instant time) -> atTime(time);
      case RecoveryRequest.AtOffset(Optional<String> timeline, long offset) ->
          atOffset(timeline, offset);
      case RecoveryRequest.Before(LogCut.BeforeMatch match) -> before(match);
    };
  }

  /// The one that reaches furthest; of those that reach the same end, the newest snapshot, since it
  /// has the least to replay.
  private RecoveryPlan latest() {
    Reach best = furthest().orElseThrow();
    for (Damage found : damage) {
      if (!found.since().isBefore(best.until())) {
        throw found.failure();
      }
    }
    RecoveryPlan plan =
        new RecoveryPlan(best.snapshot(), best.log(), new LogCut.AtEnd(), best.until(), best.end());
    gapAfter(plan)
        .ifPresent(gap -> {
          throw behind(gap);
        });
    return plan;
  }

  private Optional<Reach> furthest() {
    Optional<Reach> best = Optional.empty();
    for (Reach reach : newestFirst) {
      if (best.isEmpty() || reach.until().isAfter(best.get().until())) {
        best = Optional.of(reach);
      }
    }
    return best;
  }

  /// What stands behind the gap is newer than all that can be restored: to pass over it would be to
  /// call an old state the latest.
  private RedrillException behind(LogGap gap) {
    return new RedrillException(
        ErrorCode.LOG_GAP,
        "source",
        source,
        "timeline",
        gap.timeline(),
        "missingFrom",
        gap.first(),
        "missingTo",
        gap.end(),
        "nearestBefore",
        gap.after(),
        "logResumes",
        gap.before());
  }

  private RecoveryPlan atSnapshot(SnapshotId id) {
    return newestFirst.stream()
        .map(Reach::snapshot)
        .filter(snapshot -> snapshot.id().equals(id))
        .findFirst()
        .map(RecoveryPlanner::alone)
        .orElseThrow(() ->
            unlessHidden(
                new RedrillException(
                    ErrorCode.SNAPSHOT_NOT_FOUND, "source", source, "snapshot", id)));
  }

  /// Where something is damaged, that is the reason to give.
  private RedrillException unlessHidden(RedrillException absent) {
    return damage.isEmpty() ? absent : damage.getFirst().failure();
  }

  private static RecoveryPlan alone(Manifest snapshot) {
    return new RecoveryPlan(
        snapshot, List.of(), new LogCut.AtEnd(), snapshot.takenAt(), snapshot.position());
  }

  private RecoveryPlan atTime(Instant asked) {
    // The marks are whole milliseconds: what came within the one asked for stands under its mark.
    Instant time = asked.truncatedTo(ChronoUnit.MILLIS);
    for (Reach reach : newestFirst) {
      if (!reach.snapshot().takenAt().isAfter(time) && !reach.until().isBefore(time)) {
        List<SegmentName> needed = until(reach.log(), time);
        return needed.isEmpty()
            ? alone(reach.snapshot())
            : new RecoveryPlan(
                reach.snapshot(),
                needed,
                new LogCut.AtTime(time),
                time,
                Optional.of(needed.getLast().finish()));
      }
    }
    throw notCovered(time);
  }

  /// Those that begin at `time` or before. Their first marks rise, so that a few first lines are
  /// enough to find the last.
  private List<SegmentName> until(List<SegmentName> log, Instant time) {
    int low = 0;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chains.header(log.get(middle)).firstAt().isAfter(time)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return log.subList(0, low);
  }

  private RedrillException notCovered(Instant time) {
    if (!damage.isEmpty()) {
      return damage.getFirst().failure();
    }
    List<RecoveryWindow> windows = windows();
    Optional<Instant> before =
        windows.stream()
            .map(RecoveryWindow::to)
            .filter(to -> to.isBefore(time))
            .max(Comparator.naturalOrder());
    Optional<Instant> after =
        windows.stream()
            .map(RecoveryWindow::from)
            .filter(from -> from.isAfter(time))
            .min(Comparator.naturalOrder());
    // Behind a gap that no later window has closed, whatever the log there may hold.
    Optional<LogGap> gap =
        gaps().stream()
            .filter(missing -> missing.after().isBefore(time))
            .filter(missing -> before.stream().noneMatch(missing.before()::isBefore))
            .max(Comparator.comparing(LogGap::after));
    boolean between = before.isPresent() && after.isPresent() && !chains.isEmpty();
    Map<String, String> context = new LinkedHashMap<>();
    context.put("source", source.value());
    context.put("time", time.toString());
    gap.ifPresent(missing -> context.putAll(missing(missing)));
    context.put("nearestBefore", before.map(Instant::toString).orElse("none"));
    context.put("nearestAfter", after.map(Instant::toString).orElse("none"));
    return new RedrillException(
        gap.isPresent() || between ? ErrorCode.LOG_GAP : ErrorCode.OUTSIDE_WINDOWS, context);
  }

  private static Map<String, String> missing(LogGap gap) {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("timeline", gap.timeline());
    context.put("missingFrom", String.valueOf(gap.first()));
    context.put("missingTo", String.valueOf(gap.end()));
    return context;
  }

  private RecoveryPlan atOffset(Optional<String> timeline, long offset) {
    for (Reach reach : newestFirst) {
      Optional<LogPosition> position = reach.snapshot().position();
      if (position.isEmpty()
          || position.get().offset() > offset
          || reach.end().orElseThrow().offset() < offset
          || !isOn(timeline, reach)) {
        continue;
      }
      List<SegmentName> needed =
          reach.log().stream().filter(segment -> segment.first() < offset).toList();
      return needed.isEmpty() || position.get().offset() == offset
          ? alone(reach.snapshot())
          : new RecoveryPlan(
              reach.snapshot(),
              needed,
              new LogCut.AtOffset(offset),
              chains.header(needed.getLast()).lastAt(),
              Optional.of(needed.getLast().finish()));
    }
    throw notCovered(timeline, offset);
  }

  /// Whether a snapshot makes the log behind a gap restorable, so that the gap is not what stands
  /// in the way of what lies further.
  private boolean isRestorableBehind(LogGap gap) {
    return newestFirst.stream()
        .flatMap(reach -> reach.snapshot().position().stream())
        .anyMatch(position ->
            position.timeline().equals(gap.timeline()) && position.offset() >= gap.end());
  }

  private RedrillException notCovered(Optional<String> timeline, long offset) {
    if (!damage.isEmpty()) {
      return damage.getFirst().failure();
    }
    Map<String, String> context = new LinkedHashMap<>();
    context.put("source", source.value());
    context.put("offset", String.valueOf(offset));
    Optional<LogGap> gap =
        gaps().stream()
            .filter(missing -> timeline.isEmpty() || timeline.get().equals(missing.timeline()))
            .filter(missing -> missing.first() < offset)
            .filter(missing -> offset <= missing.end() || !isRestorableBehind(missing))
            .max(Comparator.comparingLong(LogGap::first));
    gap.ifPresentOrElse(
        missing -> context.putAll(missing(missing)),
        () -> context.put("timeline", timeline.orElse("any")));
    return new RedrillException(
        gap.isPresent() ? ErrorCode.LOG_GAP : ErrorCode.OUTSIDE_WINDOWS, context);
  }

  private static boolean isOn(Optional<String> timeline, Reach reach) {
    return timeline.isEmpty()
        || reach.snapshot().position().map(LogPosition::timeline).equals(timeline)
        || reach.log().stream().anyMatch(segment -> segment.timeline().equals(timeline.get()));
  }

  private RecoveryPlan before(LogCut.BeforeMatch match) {
    for (Reach reach : newestFirst) {
      Optional<RecoveryPlan> plan = before(match, reach);
      if (plan.isPresent()) {
        // A newer match may stand in what cannot be read.
        for (Damage found : damage) {
          if (!found.since().isBefore(plan.get().covers())) {
            throw found.failure();
          }
        }
        return plan.get();
      }
    }
    throw unlessHidden(
        new RedrillException(
            ErrorCode.NO_MATCH, "source", source, "command", match.command(), "nth", match.nth()));
  }

  private Optional<RecoveryPlan> before(LogCut.BeforeMatch match, Reach reach) {
    long start = reach.snapshot().position().map(LogPosition::offset).orElse(0L);
    int matches = 0;
    for (int i = 0; i < reach.log().size(); i++) {
      try (SegmentReader reader = SegmentReader.open(repository, source, reach.log().get(i))) {
        for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
          LogRecord record = next.get();
          if (record.offset() >= start && match.matches(record.command())) {
            matches++;
            if (matches == match.nth()) {
              return Optional.of(
                  new RecoveryPlan(
                      reach.snapshot(),
                      reach.log().subList(0, i + 1),
                      match,
                      Instant.ofEpochMilli(record.atMillis()),
                      Optional.of(new LogPosition(reader.timeline(), record.offset()))));
            }
          }
        }
      } catch (IOException e) {
        throw Failures.of(e);
      }
    }
    return Optional.empty();
  }

  /// Everything that can be restored, oldest first.
  public List<RecoveryWindow> windows() {
    Map<Object, RecoveryWindow> windows = new LinkedHashMap<>();
    for (Reach reach : newestFirst.reversed()) {
      Manifest snapshot = reach.snapshot();
      Object same = reach.end().<Object>map(end -> end).orElse(snapshot.id());
      RecoveryWindow alone =
          new RecoveryWindow(
              snapshot.takenAt(), reach.until(), reach.end(), List.of(snapshot.id()));
      windows.merge(same, alone, RecoveryPlanner::joined);
    }
    return windows.values().stream().sorted(Comparator.comparing(RecoveryWindow::from)).toList();
  }

  private static RecoveryWindow joined(RecoveryWindow older, RecoveryWindow newer) {
    List<SnapshotId> snapshots = new ArrayList<>(older.snapshots());
    snapshots.addAll(newer.snapshots());
    Instant to = older.to().isAfter(newer.to()) ? older.to() : newer.to();
    return new RecoveryWindow(older.from(), to, older.end(), snapshots);
  }

  /// Whose backups these are.
  public SourceName source() {
    return source;
  }

  /// Where the log has gaps.
  ///
  /// @throws RedrillException naming a segment beside a gap that cannot be read
  public List<LogGap> gaps() {
    return chains.gaps(snapshots);
  }

  /// The snapshots whose manifests can be read, oldest first.
  public List<Manifest> snapshots() {
    return List.copyOf(snapshots);
  }

  /// What cannot be read, and so was left out; each object once.
  public List<RedrillException> damage() {
    Map<Object, RedrillException> byObject = new LinkedHashMap<>();
    damage.forEach(found -> byObject.putIfAbsent(found.failure().context(), found.failure()));
    return List.copyOf(byObject.values());
  }

  /// What is missing of the log right behind the end of `plan`, where more log follows that cannot
  /// be restored for it; empty if the log ends there.
  public Optional<LogGap> gapAfter(RecoveryPlan plan) {
    return plan.end()
        .flatMap(end ->
            chains
                .beyond(end)
                .map(next ->
                    new LogGap(
                        end.timeline(),
                        /* first= */ end.offset(),
                        /* end= */ next.first(),
                        plan.covers(),
                        chains.header(next).firstAt())));
  }

  /// The newest moment that can be restored, if any can.
  public Optional<Instant> newestRecoveryPoint() {
    return furthest().map(Reach::until);
  }

  /// Where in the log the newest recovery point is; empty also if it is a snapshot without a place
  /// in the log.
  public Optional<LogPosition> newestPosition() {
    return furthest().flatMap(Reach::end);
  }
}
