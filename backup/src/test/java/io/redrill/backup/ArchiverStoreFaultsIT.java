package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.storage.filesystem.FilesystemStore;
import io.redrill.storage.fixture.FaultyStore;
import io.redrill.storage.fixture.FaultyStore.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The store of an archiver fails, hangs, or loses answers: nothing is lost, nothing is
/// acknowledged too early, and memory stays bounded.
@Timeout(120)
class ArchiverStoreFaultsIT {

  private static final long SEED = 8101;

  @TempDir private Path directory;

  private Archiving archiving;
  private RealRedis source;
  private NumberedWrites writes;
  private final List<NumberedWrites.Mark> marks = new ArrayList<>();

  @BeforeEach
  void startSource() throws IOException {
    RealRedis.assumeInstalled();
    archiving = new Archiving(directory, SEED);
    source = RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0");
    writes = new NumberedWrites(source, archiving.random);
  }

  @AfterEach
  void endSource() throws IOException {
    if (source != null) {
      writes.close();
      source.close();
    }
  }

  private LogArchiver start() {
    LogArchiver archiver = archiving.start(psync());
    awaitFollowing(archiver);
    return archiver;
  }

  private PsyncSource psync() {
    return new PsyncSource(source.endpoint(), CLOCK);
  }

  @Test
  void anOutageLosesNothingAndAcknowledgesNothing() throws IOException {
    try (LogArchiver archiver = start()) {
      writes.write(100);
      marks.add(archiving.mark(archiver, source, writes));
      assertThat(archiver.status().problem()).isEmpty();

      archiving.store.failFromCall(Operation.PUT, 1);
      writes.write(100);
      await(() -> archiver.status().problem().orElse("").contains("E3001"));
      long stored = archiver.status().stored().orElseThrow().offset();
      assertThat(acknowledgedBySource()).isLessThanOrEqualTo(stored).isLessThan(writes.offset());
      assertThat(waitFor(1, 50)).isZero();

      archiving.store.heal();
      marks.add(archiving.mark(archiver, source, writes));
      await(() -> archiver.status().problem().isEmpty());
      assertThat(archiver.status().state()).isEqualTo(ArchiverStatus.State.FOLLOWING);
      await(() -> waitFor(1, 1_000) == 1);
    }
    proveWhole();
  }

  @Test
  void aStoreThatHangsHoldsTheSourceUpInsteadOfFillingTheMemory() throws IOException {
    try (LogArchiver archiver = start()) {
      writes.write(10);
      archiving.gate.shut(key -> key.value().contains("/log/"));
      writeBallast();
      await(() -> archiving.gate.isWaiting() && archiver.status().lagBytes() > 64 * 1024);
      // Two segments, each filled up by the command that makes it due, and no more: the rest waits
      // with the source.
      for (int i = 0; i < 3; i++) {
        writeBallast();
        assertThat(archiver.status().lagBytes()).isLessThan(4 * 64 * 1024);
      }
      await(() -> unsentBytes() > 0);

      archiving.gate.open();
      marks.add(archiving.mark(archiver, source, writes));
    }
    proveWhole();
  }

  private void writeBallast() throws IOException {
    for (int i = 0; i < 150; i++) {
      writes.writeWithBallast(60_000);
    }
  }

  @Test
  void lostAnswersAndFailingComparisonsAreTriedAgain() throws IOException {
    try (LogArchiver archiver = start()) {
      for (int i = 0; i < 10; i++) {
        archiving.store.loseAnswer(Operation.PUT, 1 + archiving.random.nextInt(2));
        archiving.store.failCall(Operation.OPEN, 1);
        writes.write(20);
        marks.add(archiving.mark(archiver, source, writes));
      }
      assertThat(archiver.status().losses()).as("seed %d", SEED).isZero();
    }
    marks.subList(1, 9).clear();
    proveWhole();
  }

  @Test
  void theSnapshotIsNotAcknowledgedBeforeItIsCommitted() throws IOException {
    // A server counts offsets from its first replica on.
    psync().snapshot().close();
    writes.write(10);
    assertThat(writes.offset()).isPositive();
    archiving.gate.shut(key -> key.value().endsWith("manifest.json"));
    try (LogArchiver archiver = archiving.start(psync())) {
      await(archiving.gate::isWaiting);
      await(() -> Servers.field(source, "replication", "slave0").contains("state=online"));
      writes.write(1);
      assertThat(acknowledgedBySource()).isZero();
      assertThat(waitFor(1, 50)).isZero();

      archiving.gate.open();
      awaitFollowing(archiver);
      marks.add(archiving.mark(archiver, source, writes));
      await(() -> waitFor(1, 1_000) == 1);
    }
    proveWhole();
  }

  @Test
  void whatWasInMemoryOnlyIsReceivedAgainAfterTheLossOfEverythingInMemory() throws IOException {
    FaultyStore dying = new FaultyStore(archiving.below);
    LogArchiver first = archiving.start(dying, psync());
    awaitFollowing(first);
    writes.write(50);
    marks.add(archiving.mark(first, source, writes));

    // The next segment is stored, and the archiver never learns of it; then it stores no more.
    dying.loseAnswer(Operation.PUT, 1);
    dying.failFromCall(Operation.OPEN, 1);
    writes.write(50);
    await(() -> first.status().problem().isPresent());
    dying.failFromCall(Operation.PUT, 1);
    writes.write(50);
    assertThatThrownBy(first::close)
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNREACHABLE));

    try (LogArchiver second = start()) {
      marks.add(archiving.mark(second, source, writes));
      writes.write(50);
      marks.add(archiving.mark(second, source, writes));
    }
    assertThat(Servers.fullSyncs(source)).isEqualTo(1);
    proveWhole();
  }

  @Test
  void twoArchiversOfOneSourceAreHarmless() throws IOException {
    try (LogArchiver one = start();
        LogArchiver other = start()) {
      for (int i = 0; i < 5; i++) {
        writes.write(40);
        marks.add(archiving.mark(i % 2 == 0 ? one : other, source, writes));
      }
      archiving.mark(one, source, writes);
      archiving.mark(other, source, writes);
      assertThat(one.status().state()).isEqualTo(ArchiverStatus.State.FOLLOWING);
      assertThat(other.status().state()).isEqualTo(ArchiverStatus.State.FOLLOWING);
    }
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(List.of(marks.getFirst(), marks.getLast()));
  }

  @Test
  void aDamagedLastSegmentDoesNotKeepTheSourceUnprotected() throws IOException {
    try (LogArchiver archiver = start()) {
      writes.write(50);
      marks.add(archiving.mark(archiver, source, writes));
    }
    SegmentName last = archiving.repository.segments(Archiving.NAME).getLast();
    archiving.store.truncate(RepositoryKeys.segment(Archiving.NAME, last), 40);

    try (LogArchiver archiver = start()) {
      writes.write(50);
      marks.add(archiving.mark(archiver, source, writes));
    }
    archiving.restoresExactly(List.of(marks.getLast()));
  }

  /// A transaction that the heap does not allow cannot be archived; the snapshot behind it can.
  @Test
  void aTransactionLargerThanMemoryIsPassedByASnapshot() throws Exception {
    Path stored = directory.resolve("repository");
    Process child =
        SmallHeapChild.process("archive", stored, source.port()).redirectErrorStream(true).start();
    try (FilesystemStore store = FilesystemStore.open(stored)) {
      await(() -> store.find(RepositoryKeys.REPOSITORY).isPresent());
      Repository repository = Repository.open(store);
      await(() -> repository.snapshots(Archiving.NAME).size() == 1);
      writes.write(20);
      try (RespConnection connection = source.connect()) {
        connection.call("MULTI");
        for (int i = 0; i < 50; i++) {
          connection.call("SET", "part:" + i, "x".repeat(1_000_000));
        }
        connection.call("EXEC");
      }
      await(() -> repository.snapshots(Archiving.NAME).size() == 2);
      writes.write(20);
      long offset = writes.offset();
      await(() ->
          repository.segments(Archiving.NAME).stream()
              .anyMatch(segment -> segment.end() >= offset));
      child.getOutputStream().close();
      assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("E4005");
      assertThat(child.waitFor()).isZero();
      assertThat(new RecoveryPlanner(repository, Archiving.NAME).gaps()).hasSize(1);
      assertThat(repository.manifests(Archiving.NAME).getLast().dataset().keys())
          .isGreaterThanOrEqualTo(50);
    } finally {
      child.destroyForcibly();
    }
  }

  /// The offset that the source believes to be safe with its replica.
  private long acknowledgedBySource() throws IOException {
    String replica = Servers.field(source, "replication", "slave0");
    return Long.parseLong(replica.replaceAll(".*offset=([0-9]+).*", "$1"));
  }

  /// What the source holds for its replica, which does not take it.
  private long unsentBytes() throws IOException {
    String replica = Servers.call(source, "CLIENT", "LIST", "TYPE", "replica");
    return Long.parseLong(replica.replaceAll("(?s).*omem=([0-9]+).*", "$1"));
  }

  /// How many replicas have what was written until now, after `millis` at most. Not on the writer's
  /// connection, whose replication offset `WAIT` would mean: a write of its own comes first.
  private long waitFor(int replicas, int millis) throws IOException {
    try (RespConnection connection = source.connect()) {
      connection.call("SET", "waited", "for");
      return connection.call("WAIT", String.valueOf(replicas), String.valueOf(millis)).asLong();
    }
  }

  private void proveWhole() throws IOException {
    archiving.isWholeAndWithoutGap();
    archiving.segmentsJoin();
    assertThat(archiving.planner().windows()).hasSize(1);
    archiving.restoresExactly(marks);
  }
}
