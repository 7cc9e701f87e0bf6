package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.RepositoryCheck;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.backup.source.Source;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.fixture.FaultyStore;
import io.redrill.storage.memory.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/// A repository whose store fails as it is told to, archivers that fill it, and the proof that what
/// it restores is exactly a prefix of the [NumberedWrites].
final class Archiving {

  static final SourceName NAME = SourceName.of("orders");
  static final InstantSource CLOCK = InstantSource.system();

  private static final int SEGMENT_BYTES = 64 * 1024;

  final MemoryStore below = new MemoryStore(CLOCK);
  final GatedStore gate = new GatedStore(below);
  final FaultyStore store = new FaultyStore(gate);
  final Random random;
  final Repository repository;
  private final Path directory;
  private final Map<SegmentName, List<LogRecord>> records = new HashMap<>();
  private int restored;

  /// Restores below `directory`.
  Archiving(Path directory, long seed) {
    this.directory = directory;
    this.random = new Random(seed);
    this.repository = Repository.init(store, CLOCK, random);
  }

  /// Small segments, often shipped, and short pauses.
  static ArchiverOptions quick() {
    return new ArchiverOptions(
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        SEGMENT_BYTES,
        3,
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        Duration.ofSeconds(1));
  }

  LogArchiver start(Source source) {
    return start(store, source);
  }

  /// Starts an archiver that sees the same repository through `view`.
  LogArchiver start(ObjectStore view, Source source) {
    Repository seen = Repository.open(view);
    return LogArchiver.start(
        seen,
        NAME,
        source,
        new SnapshotTaker(seen, PartOptions.DEFAULT, CLOCK, new Random(random.nextLong())),
        quick(),
        CLOCK,
        new Random(random.nextLong()));
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  static void awaitFollowing(LogArchiver archiver) {
    await(() -> archiver.status().state() == ArchiverStatus.State.FOLLOWING);
  }

  /// Waits until everything is durable that `server` has in its log, and names that moment.
  NumberedWrites.Mark mark(LogArchiver archiver, RealRedis server, NumberedWrites writes)
      throws IOException {
    String timeline = Servers.field(server, "replication", "master_replid");
    long offset = awaitStored(archiver, timeline, writes);
    Instant at = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    await(() -> CLOCK.instant().isAfter(at.plusMillis(1)));
    // That the log covers the moment is known from what comes later.
    writes.writeOther();
    awaitStored(archiver, timeline, writes);
    return new NumberedWrites.Mark(at, timeline, offset, writes.written());
  }

  private static long awaitStored(LogArchiver archiver, String timeline, NumberedWrites writes)
      throws IOException {
    long offset = writes.offset();
    await(() -> reaches(archiver.status().stored(), timeline, offset));
    return offset;
  }

  private static boolean reaches(Optional<LogPosition> stored, String timeline, long offset) {
    return stored
        .filter(position -> position.timeline().equals(timeline) && position.offset() >= offset)
        .isPresent();
  }

  /// The same where the source has no offsets of its own: an append-only file.
  NumberedWrites.Mark markInLog(NumberedWrites writes) throws IOException {
    String last = String.valueOf(writes.written());
    await(() -> inLog("RPUSH", last).isPresent() && snapshotsAreOver());
    Instant at = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
    await(() -> CLOCK.instant().isAfter(at.plusMillis(1)));
    String found = "mark " + last;
    writes.writeOther(found);
    await(() -> inLog("SET", found).isPresent());
    LogPosition position = inLog("SET", found).orElseThrow();
    return new NumberedWrites.Mark(at, position.timeline(), position.offset(), writes.written());
  }

  /// The image in an append-only file tells its moment in whole seconds, of which the end counts.
  private boolean snapshotsAreOver() {
    List<Manifest> manifests = repository.manifests(NAME);
    Instant now = CLOCK.instant();
    return !manifests.isEmpty()
        && manifests.stream().allMatch(manifest -> manifest.takenAt().isBefore(now));
  }

  /// Where the command begins whose last word is `last`.
  private Optional<LogPosition> inLog(String command, String last) throws IOException {
    byte[] word = last.getBytes(StandardCharsets.UTF_8);
    for (SegmentName segment : repository.segments(NAME)) {
      if (!records.containsKey(segment)) {
        records.put(segment, read(segment));
      }
      for (LogRecord record : records.get(segment)) {
        if (record.command().is(command)
            && Arrays.equals(record.command().args().getLast(), word)) {
          return Optional.of(new LogPosition(segment.timeline(), record.offset()));
        }
      }
    }
    return Optional.empty();
  }

  private List<LogRecord> read(SegmentName segment) throws IOException {
    List<LogRecord> read = new ArrayList<>();
    try (SegmentReader reader = SegmentReader.open(repository, NAME, segment)) {
      for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
        read.add(next.get());
      }
    }
    return read;
  }

  RecoveryPlanner planner() {
    return new RecoveryPlanner(repository, NAME);
  }

  /// Restores each mark by its time and by its offset.
  void restoresExactly(List<NumberedWrites.Mark> marks) throws IOException {
    RecoveryPlanner planner = planner();
    for (NumberedWrites.Mark mark : marks) {
      assertThat(restored(planner.plan(new RecoveryRequest.AtTime(mark.at()))))
          .as("by the time of %s", mark)
          .isEqualTo(mark.written());
      assertThat(
              restored(
                  planner.plan(
                      new RecoveryRequest.AtOffset(Optional.of(mark.timeline()), mark.offset()))))
          .as("by the offset of %s", mark)
          .isEqualTo(mark.written());
    }
  }

  /// How many numbers a real server has that starts from a restored directory.
  int restored(RecoveryPlan plan) throws IOException {
    Path target = directory.resolve("restored-" + restored++);
    new Restore(
            repository,
            (data, rdb) -> {
              throw new AssertionError("no log was to be replayed");
            },
            CLOCK,
            random)
        .restore(plan, new RestoreTarget.DataDirectory(target));
    try (RealRedis server = RealRedis.start(target, "--appendonly", "yes");
        RespConnection connection = server.connect()) {
      return NumberedWrites.read(connection);
    }
  }

  /// Everything that is stored is whole, and no byte of any timeline is missing.
  void isWholeAndWithoutGap() {
    assertThat(new RepositoryCheck(repository).check().findings()).isEmpty();
  }

  /// Each segment begins where the one before ends: neither a gap nor an overlap.
  void segmentsJoin() {
    List<SegmentName> segments = repository.segments(NAME);
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).timeline().equals(segments.get(i - 1).timeline())) {
        assertThat(segments.get(i).first()).isEqualTo(segments.get(i - 1).end());
      }
    }
  }
}
