package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.testing.FaultyLink;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.source.DataDirSource;
import io.redrill.storage.fixture.FaultyStore.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An append-only file is followed across rewrites, restarts, and being switched off and on.
@Timeout(120)
class AofFollowingIT {

  private static final long SEED = 8105;

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
    source = start();
    link = new FaultyLink(source.port());
    writes = new NumberedWrites(source, archiving.random);
  }

  private RealRedis start() throws IOException {
    return RealRedis.start(
        directory.resolve("source"),
        "--appendonly",
        "yes",
        "--appenddirname",
        "the log's directory",
        "--appendfilename",
        "my app.aof");
  }

  @AfterEach
  void endSource() throws IOException {
    if (source != null) {
      writes.close();
      link.close();
      source.close();
    }
  }

  private DataDirSource dataDir() {
    return new DataDirSource(link.endpoint(), Optional.empty(), Duration.ofSeconds(30), CLOCK);
  }

  private LogArchiver archive() {
    LogArchiver archiver = archiving.start(dataDir());
    awaitFollowing(archiver);
    return archiver;
  }

  private void writeAndMark() throws IOException {
    writes.write(40);
    marks.add(archiving.markInLog(writes));
  }

  private void awaitSnapshots(int count) {
    await(() -> archiving.repository.snapshots(NAME).size() == count);
  }

  private void isOneWindow() throws IOException {
    archiving.isWholeAndWithoutGap();
    archiving.segmentsJoin();
    assertThat(archiving.planner().windows()).hasSize(1);
    archiving.restoresExactly(marks);
  }

  @Test
  void severalRewritesInARowAndOneThatFails() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark();
      for (int i = 0; i < 3; i++) {
        dataDir().rewriteLog();
        writeAndMark();
      }
      failARewrite();
      writeAndMark();
      dataDir().rewriteLog();
      writeAndMark();
      awaitSnapshots(5);
      assertThat(archiver.status().losses()).isZero();
    }
    isOneWindow();
  }

  /// A rewrite whose child is killed leaves a further incremental file behind.
  private void failARewrite() throws IOException {
    Servers.call(source, "CONFIG", "SET", "rdb-key-save-delay", "60000000");
    Servers.call(source, "BGREWRITEAOF");
    writes.write(20);
    await(() -> {
      Optional<ProcessHandle> child = Servers.process(source).children().findFirst();
      child.ifPresent(ProcessHandle::destroyForcibly);
      return child.isPresent();
    });
    await(() -> Servers.field(source, "persistence", "aof_last_bgrewrite_status").equals("err"));
    Servers.call(source, "CONFIG", "SET", "rdb-key-save-delay", "0");
  }

  @Test
  void restartsOfServerAndArchiverGoOn() throws IOException {
    LogArchiver first = archive();
    writeAndMark();
    source.kill();
    await(() -> first.status().problem().isPresent());
    restart();
    writeAndMark();
    first.close();
    assertThat(first.status().problem()).isEmpty();
    writes.write(40);
    source.close();
    restart();
    writes.write(40);
    try (LogArchiver archiver = archive()) {
      writeAndMark();
      assertThat(archiver.status().state()).isEqualTo(ArchiverStatus.State.FOLLOWING);
    }
    assertThat(archiving.repository.snapshots(NAME)).hasSize(1);
    isOneWindow();
  }

  private void restart() throws IOException {
    source = start();
    link.leadTo(source.port());
    writes.continueOn(source);
  }

  @Test
  void aTornEndIsForgottenAsTheServerForgetsIt() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark();
      source.kill();
      Path file = incremental();
      Files.writeString(file, "*3\r\n$3\r\nSET\r\n$5\r\nto", StandardOpenOption.APPEND);
      await(() -> archiver.status().problem().isPresent());
      restart();
      writeAndMark();
    }
    isOneWindow();
  }

  private Path incremental() throws IOException {
    try (var files = Files.list(source.directory().resolve("the log's directory"))) {
      return files.filter(file -> file.toString().endsWith(".incr.aof")).findFirst().orElseThrow();
    }
  }

  @Test
  void whatIsWrittenWhileTheFileIsOffIsNeverPassedOver() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark();
      Servers.call(source, "CONFIG", "SET", "appendonly", "no");
      writes.write(20);
      Servers.call(source, "CONFIG", "SET", "appendonly", "yes");
      awaitSnapshots(2);
      writeAndMark();

      Servers.call(source, "CONFIG", "SET", "appendonly", "no");
      await(() -> archiver.status().problem().orElse("").contains("E2105"));
      writes.write(20);
      Servers.call(source, "CONFIG", "SET", "appendonly", "yes");
      awaitSnapshots(3);
      writeAndMark();
      await(() -> archiver.status().problem().isEmpty());
    }
    assertThat(archiving.planner().windows()).hasSize(3);
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(marks);
  }

  @Test
  void rewritesThatPassUnseenAreNeverPassedOver() throws IOException {
    try (LogArchiver archiver = archive()) {
      writeAndMark();
      archiving.gate.shut(key -> key.value().contains("/log/"));
      for (int i = 0; i < 10; i++) {
        writes.writeWithBallast(60_000);
      }
      await(() -> archiving.gate.isWaiting() && archiver.status().lagBytes() > 64 * 1024);
      // The archiver has no hand free to look, and the file between the two is gone.
      for (int i = 0; i < 2; i++) {
        dataDir().rewriteLog();
        writes.write(40);
      }
      archiving.gate.open();
      awaitSnapshots(2);
      writeAndMark();
    }
    assertThat(archiving.planner().windows()).hasSize(2);
    archiving.isWholeAndWithoutGap();
    archiving.restoresExactly(marks);
  }

  @Test
  void aBaseThatCannotBeStoredIsTriedAgain() throws IOException {
    archiving.store.failFromCall(Operation.PUT, 1);
    try (LogArchiver archiver = archiving.start(dataDir())) {
      writes.write(40);
      await(() -> archiver.status().problem().orElse("").contains("E3001"));
      archiving.store.heal();
      awaitSnapshots(1);
      writeAndMark();
    }
    isOneWindow();
  }

  @Test
  void aSegmentOfManyCommandsIsGoneOnFrom() throws IOException {
    try (LogArchiver archiver = archive()) {
      awaitSnapshots(1);
      writes.write(40);
      await(() -> archiver.status().segments() > 0);
    }
    try (LogArchiver _ = archive()) {
      writeAndMark();
    }
    assertThat(archiving.repository.snapshots(NAME)).hasSize(1);
    isOneWindow();
  }

  @Test
  void aLogWhoseBaseWasNeverStoredBeginsAnew() throws IOException {
    try (LogArchiver archiver = archive()) {
      awaitSnapshots(1);
      writes.write(40);
      await(() -> archiver.status().segments() > 0);
    }
    SnapshotId base = archiving.repository.snapshots(NAME).getFirst();
    archiving.store.lose(RepositoryKeys.manifest(NAME, base));
    assertThat(archiving.repository.snapshots(NAME)).isEmpty();

    try (LogArchiver _ = archive()) {
      awaitSnapshots(1);
      writeAndMark();
    }
    archiving.restoresExactly(marks);
  }

  @Test
  void marksOfTheServerAreKeptAndNothingIsShippedWithoutWrites() throws IOException {
    Servers.call(source, "CONFIG", "SET", "aof-timestamp-enabled", "yes");
    try (LogArchiver archiver = archive()) {
      for (int i = 0; i < 4; i++) {
        writeAndMark();
      }
      long segments = archiver.status().segments();
      // A base that is stored later shows that the archiver has looked again meanwhile.
      dataDir().rewriteLog();
      awaitSnapshots(2);
      assertThat(archiver.status().segments()).isEqualTo(segments);
    }
    isOneWindow();
  }

  @Test
  void aBaseThatIsNoRdbIsSaid() throws IOException {
    Servers.call(source, "CONFIG", "SET", "aof-use-rdb-preamble", "no");
    writes.write(1);
    dataDir().rewriteLog();
    try (LogArchiver archiver = archiving.start(dataDir())) {
      await(() -> archiver.status().problem().orElse("").contains("E2106"));
    }
    assertThat(archiving.repository.sources()).isEmpty();
  }
}
