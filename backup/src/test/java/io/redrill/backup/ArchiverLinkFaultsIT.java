package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.FaultyLink;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.LogGap;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.RecoveryWindow;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.source.PsyncSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The link between an archiver and its source is reset, goes silent, or stays away for too long;
/// the source is not ready, or wants a password.
@Timeout(120)
class ArchiverLinkFaultsIT {

  private static final long SEED = 8102;

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
    source =
        RealRedis.start(
            directory.resolve("source"),
            "--repl-diskless-sync-delay",
            "0",
            "--repl-ping-replica-period",
            "1");
    link = new FaultyLink(source.port());
    writes = new NumberedWrites(source, archiving.random);
  }

  @AfterEach
  void endSource() throws IOException {
    if (source != null) {
      writes.close();
      link.close();
      source.close();
    }
  }

  /// Through the link, with so little patience that silence is soon noticed.
  private ServerEndpoint endpoint() {
    return link.endpoint().with(Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  private LogArchiver start() {
    LogArchiver archiver = archiving.start(new PsyncSource(endpoint(), CLOCK));
    awaitFollowing(archiver);
    return archiver;
  }

  @Test
  void resetsAndSilenceAreResumedFromWhatIsStored() throws IOException {
    try (LogArchiver archiver = start()) {
      for (int i = 0; i < 8; i++) {
        long losses = archiver.status().losses();
        writes.write(30);
        boolean silence = i % 4 == 3;
        if (silence) {
          link.hold();
        } else {
          link.cut();
        }
        writes.write(30);
        await(() -> archiver.status().losses() > losses);
        link.release();
        marks.add(archiving.mark(archiver, source, writes));
        await(() -> archiver.status().problem().isEmpty());
      }
    }
    assertThat(Servers.fullSyncs(source)).as("seed %d", SEED).isEqualTo(1);
    archiving.isWholeAndWithoutGap();
    archiving.segmentsJoin();
    assertThat(archiving.planner().windows()).hasSize(1);
    archiving.restoresExactly(List.of(marks.get(0), marks.get(3), marks.getLast()));
  }

  @Test
  void anOutrunBacklogIsToldAsAGapAndANewSnapshotIsTakenAtOnce() throws IOException {
    Servers.call(source, "CONFIG", "SET", "repl-backlog-size", "16kb");
    try (LogArchiver archiver = start()) {
      writes.write(50);
      marks.add(archiving.mark(archiver, source, writes));
      LogPosition end = archiver.status().stored().orElseThrow();
      link.refuse();
      await(() -> archiver.status().problem().isPresent());
      for (int i = 0; i < 10; i++) {
        writes.writeWithBallast(60_000);
      }
      link.leadTo(source.port());
      await(() -> archiving.repository.snapshots(Archiving.NAME).size() == 2);
      writes.write(50);
      marks.add(archiving.mark(archiver, source, writes));

      List<LogGap> gaps = archiving.planner().gaps();
      assertThat(gaps).hasSize(1);
      assertThat(gaps.getFirst().timeline()).isEqualTo(end.timeline());
      assertThat(gaps.getFirst().first()).isGreaterThanOrEqualTo(end.offset());
      assertThat(gaps.getFirst().end() - gaps.getFirst().first()).isGreaterThan(600_000);
    }
    List<RecoveryWindow> windows = archiving.planner().windows();
    assertThat(windows).hasSize(2);
    archiving.restoresExactly(marks);
    LogGap gap = archiving.planner().gaps().getFirst();
    assertThat(windows.getFirst().end().orElseThrow().offset()).isEqualTo(gap.first());
    refuses(new RecoveryRequest.AtTime(windows.getFirst().to().plusMillis(1)), ErrorCode.LOG_GAP);
    refuses(new RecoveryRequest.AtOffset(Optional.empty(), gap.first() + 1), ErrorCode.LOG_GAP);
  }

  private void refuses(RecoveryRequest request, ErrorCode code) {
    assertThatThrownBy(() -> archiving.planner().plan(request))
        .isInstanceOfSatisfying(RedrillException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aLinkThatBreaksBehindTheSnapshotIsResumedThere() throws IOException {
    Servers.call(source, "CONFIG", "SET", "repl-ping-replica-period", "3600");
    writes.write(20);
    archiving.gate.shut(key -> key.value().endsWith("manifest.json"));
    try (LogArchiver archiver = archiving.start(new PsyncSource(endpoint(), CLOCK))) {
      await(archiving.gate::isWaiting);
      link.refuse();
      writes.write(20);
      archiving.gate.open();
      await(() -> archiving.repository.snapshots(Archiving.NAME).size() == 1);
      await(() -> archiver.status().losses() > 0);
      link.leadTo(source.port());
      marks.add(archiving.mark(archiver, source, writes));
    }
    assertThat(Servers.fullSyncs(source)).isEqualTo(1);
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(marks);
  }

  @Test
  void aNewArchiverGoesOnWhereTheOldOneEnded() throws IOException {
    // No command at all is archived: what can be continued is the snapshot.
    start().close();
    try (LogArchiver archiver = start()) {
      writes.write(50);
      marks.add(archiving.mark(archiver, source, writes));
    }
    writes.write(50);
    try (LogArchiver archiver = start()) {
      marks.add(archiving.mark(archiver, source, writes));
    }
    assertThat(Servers.fullSyncs(source)).isEqualTo(1);
    archiving.isWholeAndWithoutGap();
    archiving.segmentsJoin();
    archiving.restoresExactly(marks);
  }

  @Test
  void closesAlsoWhileAServerDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerEndpoint endpoint =
          ServerEndpoint.of("127.0.0.1", silent.getLocalPort())
              .with(Duration.ofHours(1), Duration.ofHours(1));
      LogArchiver archiver = archiving.start(new PsyncSource(endpoint, CLOCK));
      try (Socket _ = silent.accept()) {
        archiver.close();
        assertThat(archiver.status().state()).isEqualTo(ArchiverStatus.State.CLOSED);
      }
    }
  }

  @Test
  void aServerThatLoadsIsWaitedFor() throws IOException {
    try (RespConnection connection = source.connect()) {
      for (int i = 0; i < 2_000; i++) {
        connection.call("SET", "key:" + i, "x");
      }
      writes.write(10);
      connection.call("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
      connection.call("CONFIG", "SET", "key-load-delay", "5000");
      connection.send("DEBUG", "RELOAD");
      connection.flush();
      await(() -> isLoading());

      try (LogArchiver archiver = archiving.start(new PsyncSource(endpoint(), CLOCK))) {
        await(() ->
            archiver.status().problem().orElse("").contains(ErrorCode.SOURCE_NOT_READY.number()));
        Servers.call(source, "CONFIG", "SET", "key-load-delay", "0");
        awaitFollowing(archiver);
        assertThat(connection.receive().asText()).isEqualTo("OK");
        marks.add(archiving.mark(archiver, source, writes));
        assertThat(archiver.status().problem()).isEmpty();
      }
    }
    archiving.restoresExactly(marks);
  }

  private boolean isLoading() throws IOException {
    return Servers.field(source, "persistence", "loading").equals("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aPasswordASignOfLifeAndEitherFrameAreUnderstood(String diskless) throws IOException {
    Servers.call(source, "CONFIG", "SET", "repl-diskless-sync", diskless);
    Servers.call(source, "CONFIG", "SET", "repl-diskless-sync-delay", "2");
    Servers.call(
        source, "ACL", "SETUSER", "backup", "on", ">s3cret", "+psync", "+replconf", "+ping");
    writes.write(20);
    ServerEndpoint endpoint = endpoint().with(new Credentials(Optional.of("backup"), "s3cret"));
    try (LogArchiver archiver = archiving.start(new PsyncSource(endpoint, CLOCK))) {
      awaitFollowing(archiver);
      writes.write(20);
      marks.add(archiving.mark(archiver, source, writes));
    }
    ServerEndpoint wrong = endpoint().with(new Credentials(Optional.of("backup"), "guess"));
    try (LogArchiver archiver = archiving.start(new PsyncSource(wrong, CLOCK))) {
      await(() -> archiver.status().problem().orElse("").contains("E2003"));
      assertThat(archiver.status().problem().orElseThrow()).doesNotContain("guess");
    }
    archiving.restoresExactly(marks);
  }
}
