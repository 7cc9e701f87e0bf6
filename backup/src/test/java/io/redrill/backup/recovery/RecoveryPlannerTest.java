package io.redrill.backup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.redrill.aof.LogCut;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.StoredLog;
import io.redrill.backup.log.StoredLog.Write;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.MadeUpImage;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.memory.MemoryStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Snapshots and logs of a few commands, and what can be restored from them.
class RecoveryPlannerTest {

  private static final SourceName NAME = SourceName.of("orders");
  private static final String ONE = "1".repeat(40);
  private static final String TWO = "2".repeat(40);

  private final InstantSource clock = InstantSource.fixed(second(0));
  private final Random random = new Random(5);
  private final Repository repository = Repository.init(new MemoryStore(clock), clock, random);
  private final StoredLog log = new StoredLog(repository, NAME);

  @Test
  void nothingCanBeRestoredWithoutASnapshot() throws IOException {
    log.segment(ONE, 100, write(10, "SET a 1"));
    fails(new RecoveryRequest.Latest(), ErrorCode.NO_SNAPSHOT);
    assertThat(planner().windows()).isEmpty();
    assertThat(planner().newestRecoveryPoint()).isEmpty();
  }

  @Test
  void latestIsTheEndOfTheLog() throws IOException {
    Manifest snapshot = snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();

    RecoveryPlan plan = plan(new RecoveryRequest.Latest());

    assertThat(plan)
        .isEqualTo(
            new RecoveryPlan(
                snapshot,
                stored,
                new LogCut.AtEnd(),
                second(30),
                Optional.of(stored.getLast().finish())));
  }

  @Test
  void latestTakesTheSnapshotWithTheLeastToReplay() throws IOException {
    snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();
    Manifest newer = snapshot(25, ONE, stored.getFirst().end());

    RecoveryPlan plan = plan(new RecoveryRequest.Latest());

    assertThat(plan.snapshot()).isEqualTo(newer);
    assertThat(plan.segments()).containsExactly(stored.getLast());
    assertThat(planner().windows()).hasSize(1);
  }

  @Test
  void aSnapshotCanBeHadWithoutItsLog() throws IOException {
    Manifest snapshot = snapshot(0, ONE, 100);
    twoSegments();

    assertThat(plan(new RecoveryRequest.AtSnapshot(snapshot.id())).needsReplay()).isFalse();
    fails(
        new RecoveryRequest.AtSnapshot(SnapshotId.create(second(7), random)),
        ErrorCode.SNAPSHOT_NOT_FOUND);
  }

  @Test
  void aTimeNeedsTheLogUpToIt() throws IOException {
    snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();

    assertThat(at(5).segments()).isEmpty();
    assertThat(at(10).segments()).containsExactly(stored.getFirst());
    assertThat(at(15).segments()).containsExactly(stored.getFirst());
    assertThat(at(15).cut()).isEqualTo(new LogCut.AtTime(second(15)));
    assertThat(at(15).covers()).isEqualTo(second(15));
    assertThat(at(30).segments()).isEqualTo(stored);
    assertThat(plan(new RecoveryRequest.AtTime(second(30).plusNanos(999_999))).segments())
        .as("within the millisecond of the last mark")
        .isEqualTo(stored);
    fails(new RecoveryRequest.AtTime(second(30).plusMillis(1)), ErrorCode.OUTSIDE_WINDOWS);
    fails(new RecoveryRequest.AtTime(second(31)), ErrorCode.OUTSIDE_WINDOWS);
    fails(new RecoveryRequest.AtTime(second(-1)), ErrorCode.OUTSIDE_WINDOWS);
  }

  @Test
  void anOffsetNeedsTheLogUpToIt() throws IOException {
    snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();
    long first = 100L + write(10, "SET a 1").length();

    RecoveryPlan plan = plan(new RecoveryRequest.AtOffset(Optional.of(ONE), first));

    assertThat(plan.segments()).containsExactly(stored.getFirst());
    assertThat(plan.cut()).isEqualTo(new LogCut.AtOffset(first));
    assertThat(plan(new RecoveryRequest.AtOffset(Optional.empty(), 100)).needsReplay()).isFalse();
    for (long outside : new long[] {99, stored.getLast().end() + 1}) {
      fails(new RecoveryRequest.AtOffset(Optional.empty(), outside), ErrorCode.OUTSIDE_WINDOWS);
    }
    fails(new RecoveryRequest.AtOffset(Optional.of(TWO), first), ErrorCode.OUTSIDE_WINDOWS);
  }

  @Test
  void aMatchIsCountedFromTheSnapshotOn() throws IOException {
    snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();

    assertThat(before("flushall", 1).segments()).isEqualTo(stored);
    RecoveryPlan second = before("SET", 2);
    assertThat(second.segments()).containsExactly(stored.getFirst());
    assertThat(second.end()).contains(new LogPosition(ONE, 100L + write(10, "SET a 1").length()));
    assertThat(before("SET b*", 1).end()).isEqualTo(second.end());
    fails(new RecoveryRequest.Before(LogCut.BeforeMatch.of("SET", 3)), ErrorCode.NO_MATCH);
    fails(new RecoveryRequest.Before(LogCut.BeforeMatch.of("SET c*", 1)), ErrorCode.NO_MATCH);
  }

  @Test
  void aGapPartsTwoWindows() throws IOException {
    snapshot(0, ONE, 100);
    SegmentName before = log.segment(ONE, 100, write(10, "SET a 1"));
    SegmentName behind = log.segment(ONE, 500, write(50, "SET b 2"), write(70, "SET c 3"));
    Manifest later = snapshot(60, ONE, 500L + write(50, "SET b 2").length());

    assertThat(planner().gaps())
        .containsExactly(new LogGap(ONE, before.end(), 500, second(10), second(50)));
    assertThat(planner().windows())
        .extracting(RecoveryWindow::from, RecoveryWindow::to)
        .containsExactly(tuple(second(0), second(10)), tuple(second(60), second(70)));
    fails(new RecoveryRequest.AtTime(second(30)), ErrorCode.LOG_GAP);
    fails(new RecoveryRequest.AtOffset(Optional.empty(), 300), ErrorCode.LOG_GAP);
    fails(new RecoveryRequest.AtOffset(Optional.empty(), 500), ErrorCode.LOG_GAP);
    fails(
        new RecoveryRequest.AtOffset(Optional.empty(), behind.end() + 1),
        ErrorCode.OUTSIDE_WINDOWS);
    RecoveryPlan latest = plan(new RecoveryRequest.Latest());
    assertThat(latest.snapshot()).isEqualTo(later);
    assertThat(latest.segments()).containsExactly(behind);
  }

  @Test
  void anOffsetOfTwoTimelinesIsTheOneThatWasNamed() throws IOException {
    Manifest one = snapshot(0, ONE, 100);
    Manifest two = snapshot(20, TWO, 100);
    long end = log.segment(ONE, 100, write(10, "SET a 1")).end();
    log.segment(TWO, 100, write(30, "SET a 2"));

    assertThat(plan(new RecoveryRequest.AtOffset(Optional.of(ONE), end)).snapshot()).isEqualTo(one);
    assertThat(plan(new RecoveryRequest.AtOffset(Optional.of(TWO), end)).snapshot()).isEqualTo(two);
    assertThat(plan(new RecoveryRequest.AtOffset(Optional.empty(), end)).snapshot()).isEqualTo(two);
    assertThat(planner().windows()).hasSize(2);
  }

  @Test
  void aFailoverContinuesTheLog() throws IOException {
    Manifest snapshot = snapshot(0, ONE, 100);
    SegmentName old = log.segment(ONE, 100, write(10, "SET a 1"));
    SegmentName next = log.segment(TWO, old.end(), Optional.of(ONE), List.of(write(20, "SET a 2")));

    RecoveryPlan plan = plan(new RecoveryRequest.Latest());

    assertThat(plan.snapshot()).isEqualTo(snapshot);
    assertThat(plan.segments()).containsExactly(old, next);
    assertThat(plan.end()).contains(next.finish());
    assertThat(planner().windows()).hasSize(1);
    assertThat(planner().gaps()).isEmpty();
  }

  @Test
  void aSnapshotWithoutPositionStandsAlone() throws IOException {
    Manifest snapshot = snapshot(0, Optional.empty());
    twoSegments();

    assertThat(plan(new RecoveryRequest.Latest()).needsReplay()).isFalse();
    assertThat(planner().windows())
        .containsExactly(
            new RecoveryWindow(second(0), second(0), Optional.empty(), List.of(snapshot.id())));
    fails(new RecoveryRequest.AtTime(second(10)), ErrorCode.OUTSIDE_WINDOWS);
  }

  @Test
  void aSnapshotAtTheEndOfTheLogProvesThatNothingHappenedSince() throws IOException {
    Manifest first = snapshot(0, ONE, 100);
    List<SegmentName> stored = twoSegments();
    Manifest last = snapshot(100, ONE, stored.getLast().end());

    assertThat(planner().windows())
        .containsExactly(
            new RecoveryWindow(
                second(0),
                second(100),
                Optional.of(stored.getLast().finish()),
                List.of(first.id(), last.id())));
    assertThat(at(50).snapshot()).isEqualTo(first);
    assertThat(at(50).segments()).isEqualTo(stored);
    assertThat(at(100).snapshot()).isEqualTo(last);
  }

  private List<SegmentName> twoSegments() throws IOException {
    SegmentName first = log.segment(ONE, 100, write(10, "SET a 1"), write(20, "SET b 2"));
    return List.of(first, log.segment(ONE, first.end(), write(30, "FLUSHALL")));
  }

  private static Write write(int second, String words) {
    return new Write(second(second), words);
  }

  private Manifest snapshot(int second, String timeline, long offset) throws IOException {
    return snapshot(second, Optional.of(new LogPosition(timeline, offset)));
  }

  private Manifest snapshot(int second, Optional<LogPosition> position) throws IOException {
    try (SnapshotFeed feed =
        MadeUpImage.feed(MadeUpImage.rdb(3, random), second(second), position)) {
      return new SnapshotTaker(repository, PartOptions.DEFAULT, clock, random)
          .store(NAME, feed, CaptureMode.PSYNC);
    }
  }

  private static Instant second(int number) {
    return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number);
  }

  private RecoveryPlanner planner() {
    return new RecoveryPlanner(repository, NAME);
  }

  private RecoveryPlan plan(RecoveryRequest request) {
    return planner().plan(request);
  }

  private RecoveryPlan at(int second) {
    return plan(new RecoveryRequest.AtTime(second(second)));
  }

  private RecoveryPlan before(String pattern, int nth) {
    return plan(new RecoveryRequest.Before(LogCut.BeforeMatch.of(pattern, nth)));
  }

  private void fails(RecoveryRequest request, ErrorCode code) {
    assertThatThrownBy(() -> plan(request))
        .as("%s", request)
        .isInstanceOfSatisfying(RedrillException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
