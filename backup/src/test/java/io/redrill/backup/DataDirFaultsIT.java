package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;
import static io.redrill.backup.Archiving.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Saves that are refused, fail, hang, or are another's: either the snapshot is that of this save,
/// or there is none and the error says why.
@Timeout(120)
class DataDirFaultsIT {

  private static final long SEED = 8104;

  @TempDir private Path directory;

  private Archiving archiving;

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
    archiving = new Archiving(directory, SEED);
  }

  private long take(DataDirSource source) {
    return new SnapshotTaker(archiving.repository, PartOptions.DEFAULT, CLOCK, archiving.random)
        .take(NAME, source)
        .dataset()
        .keys();
  }

  private static DataDirSource source(RealRedis server, Duration saveTimeout) {
    return new DataDirSource(server.endpoint(), Optional.empty(), saveTimeout, CLOCK);
  }

  private static DataDirSource source(RealRedis server, Path seenAt) {
    return new DataDirSource(server.endpoint(), Optional.of(seenAt), Duration.ofSeconds(30), CLOCK);
  }

  private static DataDirSource source(RealRedis server) {
    return source(server, Duration.ofSeconds(30));
  }

  private void fails(DataDirSource source, ErrorCode code, String words) {
    assertThatThrownBy(() -> take(source))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words);
            });
    assertThat(archiving.repository.snapshots(NAME)).isEmpty();
    assertThat(archiving.repository.sources()).isEmpty();
  }

  @Test
  void aRefusedSaveIsNoSnapshot() throws IOException {
    try (RealRedis server =
        RealRedis.start(directory.resolve("source"), "--rename-command", "BGSAVE", "")) {
      fails(source(server), ErrorCode.SAVE_REFUSED, "unknown command");
    }
  }

  @Test
  void aSaveWhoseChildIsKilledIsNoSnapshotThoughAnOldFileIsThere() throws IOException {
    try (RealRedis server = RealRedis.start(directory.resolve("source"));
        RespConnection connection = server.connect()) {
      connection.call("SET", "key", "old");
      connection.call("SAVE");
      delayChildren(connection);
      Thread killer = Thread.ofVirtual().start(() -> killChild(server));
      fails(source(server), ErrorCode.SAVE_FAILED, "err");
      Awaiting.join(killer);

      connection.call("CONFIG", "SET", "rdb-key-save-delay", "0");
      assertThat(take(source(server))).isEqualTo(1);
    }
  }

  @Test
  void aSaveIntoARemovedDirectoryIsNoSnapshot() throws IOException {
    Path home = directory.resolve("source");
    try (RealRedis server = RealRedis.start(home)) {
      Servers.call(server, "SET", "key", "x");
      Files.delete(home.resolve("server.log"));
      Files.delete(home);
      fails(source(server), ErrorCode.DIRECTORY_UNREADABLE, "CONFIG GET dir");
      Files.createDirectory(home);
      fails(source(server, home), ErrorCode.SAVE_FAILED, "err");
    }
  }

  @Test
  void anEndlessSaveIsGivenUp() throws IOException {
    try (RealRedis server = RealRedis.start(directory.resolve("source"));
        RespConnection connection = server.connect()) {
      connection.call("SET", "key", "x");
      delayChildren(connection);
      fails(source(server, Duration.ofMillis(300)), ErrorCode.SAVE_TIMEOUT, "E2103");
      killChild(server);
      connection.call("BGREWRITEAOF");
      fails(source(server, Duration.ofMillis(300)), ErrorCode.SAVE_TIMEOUT, "E2103");
      killChild(server);
    }
  }

  @Test
  void theDirectoryOfAnotherServerIsNoticed() throws IOException {
    try (RealRedis server = RealRedis.start(directory.resolve("source"), "--appendonly", "yes");
        RealRedis other = RealRedis.start(directory.resolve("other"), "--appendonly", "yes")) {
      Servers.call(server, "SET", "key", "x");
      Servers.call(other, "SAVE");
      fails(source(server, other.directory()), ErrorCode.SAVE_FAILED, "is this its directory?");
      assertThatThrownBy(source(server, other.directory())::aof)
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_UNREADABLE));
    }
  }

  @Test
  void aServerThatDoesNotTellItsDirectoryNeedsItNamed() throws IOException {
    try (RealRedis server =
        RealRedis.start(directory.resolve("source"), "--rename-command", "CONFIG", "")) {
      Servers.call(server, "SET", "key", "x");
      fails(source(server), ErrorCode.DIRECTORY_UNREADABLE, "CONFIG GET dir");
      assertThat(take(source(server, server.directory()))).isEqualTo(1);
    }
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsReadToItsEnd() throws IOException {
    try (RealRedis server = RealRedis.start(directory.resolve("source"));
        RespConnection connection = server.connect()) {
      for (int i = 0; i < 20; i++) {
        connection.call("SET", "key:" + i, "x".repeat(100_000 + i));
      }
      try (SnapshotFeed feed = source(server).snapshot()) {
        connection.call("FLUSHALL");
        connection.call("SAVE");
        int keys = 0;
        RdbReader reader = new RdbReader(feed.rdb());
        RdbRecord record = reader.next();
        while (!(record instanceof RdbRecord.End)) {
          keys += record instanceof RdbRecord.Entry ? 1 : 0;
          record = reader.next();
        }
        feed.finish();
        assertThat(keys).isEqualTo(20);
      }
    }
  }

  @Test
  void othersMaySaveAgainAndAgain() throws IOException {
    try (RealRedis server = RealRedis.start(directory.resolve("source"))) {
      AtomicBoolean stop = new AtomicBoolean();
      Thread other = Thread.ofVirtual().start(() -> saveUntil(stop, server));
      try (RespConnection connection = server.connect()) {
        int taken = 0;
        for (int i = 1; i <= 10; i++) {
          connection.call("SET", "key:" + i, "x");
          try {
            assertThat(take(source(server))).isEqualTo(i);
            taken++;
          } catch (RedrillException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.SAVE_FAILED);
          }
        }
        assertThat(archiving.repository.snapshots(NAME)).hasSize(taken);
      } finally {
        stop.set(true);
        Awaiting.join(other);
      }
    }
  }

  private static void saveUntil(AtomicBoolean stop, RealRedis server) {
    try (RespConnection connection = server.connect()) {
      while (!stop.get()) {
        connection.send("BGSAVE");
        connection.receive();
        await(() -> Servers.field(connection, "persistence", "rdb_bgsave_in_progress").equals("0"));
        LockSupport.parkNanos(30_000_000);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A save or rewrite takes a minute a key from now on.
  private static void delayChildren(RespConnection connection) throws IOException {
    connection.call("CONFIG", "SET", "rdb-key-save-delay", "60000000");
  }

  /// Waits for the child that saves or rewrites, and kills it.
  private static void killChild(RealRedis server) {
    await(() -> {
      Optional<ProcessHandle> child = Servers.process(server).children().findFirst();
      child.ifPresent(ProcessHandle::destroyForcibly);
      return child.isPresent();
    });
    await(() -> Servers.process(server).children().findFirst().isEmpty());
  }
}
