package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.FaultyLink;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.recovery.RecoveryWindow;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.source.PsyncSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The source is restarted, or another server takes its place: the log goes on under another name,
/// or begins anew, and the recovery windows show which.
@Timeout(120)
class ArchiverFailoverIT {

  private static final long SEED = 8103;

  @TempDir private Path directory;

  private Archiving archiving;
  private RealRedis source;
  private FaultyLink link;
  private NumberedWrites writes;
  private final List<NumberedWrites.Mark> marks = new ArrayList<>();

  @BeforeEach
  void startSource() throws IOException {
    RealRedis.assumeInstalled();
    archiving = new Archiving(directory, SEED);
    source = start("source");
    link = new FaultyLink(source.port());
    writes = new NumberedWrites(source, archiving.random);
  }

  private RealRedis start(String name, String... directives) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"));
    all.addAll(List.of(directives));
    return RealRedis.start(directory.resolve(name), all.toArray(String[]::new));
  }

  @AfterEach
  void endSource() throws IOException {
    if (source != null) {
      writes.close();
      link.close();
      source.close();
    }
  }

  private LogArchiver archive() {
    LogArchiver archiver = archiving.start(new PsyncSource(link.endpoint(), CLOCK));
    awaitFollowing(archiver);
    return archiver;
  }

  private void writeAndMark(LogArchiver archiver, RealRedis server) throws IOException {
    writes.write(40);
    marks.add(archiving.mark(archiver, server, writes));
  }

  /// A replica passes on what its own primary sends, without a `SELECT` behind the snapshot: only
  /// the snapshot says which database the log goes on in, also to an archiver that has no more than
  /// it.
  @Test
  void aReplicaAsSourceGoesOnInItsDatabase() throws IOException {
    try (RealRedis replica = start("replica", "--replicaof", "127.0.0.1 " + source.port());
        RespConnection client = source.connect()) {
      client.call("SELECT", "5");
      client.call("SET", "before", "1");
      await(() -> client.call("WAIT", "1", "1000").asLong() == 1);
      link.leadTo(replica.port());
      archive().close();
      assertThat(archiving.repository.segments(Archiving.NAME)).isEmpty();
      try (LogArchiver archiver = archive()) {
        client.call("SET", "after", "1");
        await(() -> archiver.status().segments() > 0);
      }
      List<LogRecord> written = new ArrayList<>();
      for (SegmentName segment : archiving.repository.segments(Archiving.NAME)) {
        try (SegmentReader reader =
            SegmentReader.open(archiving.repository, Archiving.NAME, segment)) {
          for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
            written.add(next.get());
          }
        }
      }
      assertThat(written)
          .filteredOn(record -> record.command().is("SET"))
          .hasSize(1)
          .allMatch(record -> record.command().db() == 5);
    }
  }

  @Test
  void aRestartWithoutItsDataBeginsAnotherTimeline() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark(archiver, source);
      source.kill();
      await(() -> archiver.status().problem().isPresent());
      source = start("source");
      writes.beginOn(source);
      link.leadTo(source.port());
      await(() -> archiving.repository.snapshots(Archiving.NAME).size() == 2);
      writeAndMark(archiver, source);
    }
    assertThat(archiving.planner().windows()).hasSize(2);
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(marks);
  }

  @Test
  void aRestartInOrderGoesOn() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark(archiver, source);
      try (RespConnection connection = source.connect()) {
        connection.send("SHUTDOWN", "SAVE");
        connection.flush();
        await(() -> archiver.status().losses() > 0);
      }
      source.close();
      source = start("source");
      writes.continueOn(source);
      link.leadTo(source.port());
      writeAndMark(archiver, source);
      assertThat(Servers.fullSyncs(source)).isZero();
    }
    assertOneWindowOverTwoTimelines();
  }

  @Test
  void aPromotedReplicaGoesOn() throws IOException {
    try (RealRedis replica = start("replica");
        LogArchiver archiver = archive()) {
      follow(replica);
      writeAndMark(archiver, source);
      await(() -> offset(replica) == writes.offset());
      source.kill();
      Servers.call(replica, "REPLICAOF", "NO", "ONE");
      writes.continueOn(replica);
      link.leadTo(replica.port());
      writeAndMark(archiver, replica);
      long losses = archiver.status().losses();
      link.cut();
      await(() -> archiver.status().losses() > losses);
      writeAndMark(archiver, replica);
      assertThat(Servers.fullSyncs(replica)).isZero();
    }
    assertOneWindowOverTwoTimelines();
  }

  private void assertOneWindowOverTwoTimelines() throws IOException {
    assertThat(archiving.repository.snapshots(Archiving.NAME)).hasSize(1);
    assertThat(marks.getFirst().timeline()).isNotEqualTo(marks.getLast().timeline());
    List<RecoveryWindow> windows = archiving.planner().windows();
    assertThat(windows).hasSize(1);
    assertThat(windows.getFirst().end().orElseThrow().timeline())
        .isEqualTo(marks.getLast().timeline());
    archiving.isWholeAndWithoutGap();
    archiving.segmentsJoin();
    archiving.restoresExactly(marks);
  }

  @Test
  void aPromotedReplicaThatHadNotReceivedAllBeginsAnotherTimeline() throws IOException {
    try (RealRedis replica = start("replica");
        LogArchiver archiver = archive()) {
      follow(replica);
      writeAndMark(archiver, source);
      await(() -> offset(replica) == writes.offset());
      Servers.call(replica, "REPLICAOF", "NO", "ONE");
      // Only the old primary, and the archive, ever have these.
      writeAndMark(archiver, source);
      source.kill();
      try (NumberedWrites other = new NumberedWrites(replica, archiving.random)) {
        other.adopt();
        link.leadTo(replica.port());
        await(() -> archiving.repository.snapshots(Archiving.NAME).size() == 2);
        other.write(7);
        marks.add(archiving.mark(archiver, replica, other));
      }
    }
    assertThat(marks.get(2).written()).isLessThan(marks.get(1).written());
    assertThat(archiving.planner().windows()).hasSize(2);
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(marks);
  }

  @Test
  void aSourceThatIsItselfAReplicaIsFollowedWhileItHasItsPrimaryAndAfter() throws IOException {
    try (RealRedis replica = start("replica")) {
      follow(replica);
      link.leadTo(replica.port());
      try (LogArchiver archiver = archive()) {
        writeAndMark(archiver, source);
        source.kill();
        await(() -> Servers.field(replica, "replication", "master_link_status").equals("down"));
        link.cut();
        await(() -> archiver.status().losses() > 0);
        Servers.call(replica, "REPLICAOF", "NO", "ONE");
        writes.continueOn(replica);
        writeAndMark(archiver, replica);
        assertThat(Servers.fullSyncs(replica)).isEqualTo(1);
      }
    }
    assertOneWindowOverTwoTimelines();
  }

  private void follow(RealRedis replica) throws IOException {
    Servers.call(replica, "REPLICAOF", "127.0.0.1", String.valueOf(source.port()));
    await(() -> Servers.field(replica, "replication", "master_link_status").equals("up"));
  }

  private static long offset(RealRedis server) throws IOException {
    return Long.parseLong(Servers.field(server, "replication", "master_repl_offset"));
  }
}
