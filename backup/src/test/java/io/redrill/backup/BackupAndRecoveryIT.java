package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.memory.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real server, backed up while it is written to, and recovered into other real servers.
class BackupAndRecoveryIT {

  private static final SourceName NAME = SourceName.of("orders");
  private static final long SEED = 4711;

  @TempDir private Path directory;

  private final InstantSource clock = InstantSource.system();
  private final Random random = new Random(SEED);
  private final MemoryStore store = new MemoryStore(clock);
  private final Repository repository = Repository.init(store, clock, random);
  private final SnapshotTaker taker =
      new SnapshotTaker(repository, PartOptions.DEFAULT, clock, random);

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
  }

  @Test
  void snapshotOfAReplicaIsLoadedByARealServer() throws IOException {
    try (RealRedis source =
        RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0")) {
      fill(source, 1_000);
      Manifest manifest = taker.take(NAME, new PsyncSource(source.endpoint(), clock));

      assertThat(manifest.dataset().keys()).isEqualTo(1_000);
      assertThat(manifest.position()).isPresent();
      Path restored = directory.resolve("restored");
      restore().restore(latest(), new RestoreTarget.RdbFile(restored.resolve("dump.rdb")));
      try (RealRedis target = RealRedis.start(restored)) {
        assertThat(digest(target)).isEqualTo(digest(source));
      }
    }
  }

  @Test
  void aFlippedByteIsFoundByCheckAndRestore() throws IOException {
    try (RealRedis source =
        RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0")) {
      fill(source, 1_000);
      Manifest manifest = taker.take(NAME, new PsyncSource(source.endpoint(), clock));
      ObjectKey part = RepositoryKeys.part(NAME, manifest.id(), manifest.parts().getFirst().name());
      byte[] bytes = store.open(part).readAllBytes();
      bytes[bytes.length / 2] ^= 1;
      store.delete(part);
      store.put(part, new ByteArrayInputStream(bytes), bytes.length);

      RepositoryCheck.Report report = new RepositoryCheck(repository).check();
      assertThat(report.status()).isEqualTo(ExitStatus.CHECK_FAILED);
      assertThat(report.findings().getFirst().object()).isEqualTo(part.value());
      Path file = directory.resolve("restored.rdb");
      assertThatThrownBy(() -> restore().restore(latest(), new RestoreTarget.RdbFile(file)))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.status()).isEqualTo(ExitStatus.CHECK_FAILED));
      assertThat(file).doesNotExist();

      store.delete(part);
      assertThat(new RepositoryCheck(repository).check().findings().getFirst().problem())
          .isEqualTo("it is missing");
    }
  }

  @Test
  void snapshotOfADataDirectoryNeedsThisSave() throws IOException {
    try (RealRedis source =
        RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0")) {
      fill(source, 100);
      DataDirSource dataDir =
          new DataDirSource(source.endpoint(), Optional.empty(), Duration.ofSeconds(30), clock);
      Manifest first = taker.take(NAME, dataDir);
      fill(source, 200);
      Manifest second = taker.take(NAME, dataDir);

      assertThat(first.dataset().keys()).isEqualTo(100);
      assertThat(second.dataset().keys()).isEqualTo(200);
      assertThat(new RepositoryCheck(repository).check().findings()).isEmpty();
    }
  }

  @Test
  void everyOffsetOfTheLogRestoresExactlyItsPrefix() throws IOException {
    try (RealRedis source =
        RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0")) {
      fill(source, 50);
      try (LogArchiver archiver = archive(source)) {
        awaitFollowing(archiver);
        for (int i = 0; i < 1_000; i += 250) {
          write(source, i + 1, i + 250);
          awaitStored(archiver, source);
        }
      }
      List<LogRecord> writes = numberedWrites();
      assertThat(writes).hasSize(1_000);
      for (int i = 0; i < 5; i++) {
        int number = 1 + random.nextInt(1_000);
        RecoveryPlan plan =
            planner()
                .plan(new RecoveryRequest.AtOffset(Optional.empty(), writes.get(number - 1).end()));
        Path restored = directory.resolve("restored-" + i);
        restore().restore(plan, new RestoreTarget.DataDirectory(restored));
        try (RealRedis target = RealRedis.start(restored, "--appendonly", "yes");
            RespConnection connection = target.connect()) {
          assertThat(connection.call("LLEN", "numbers").asLong())
              .as("seed %d, write %d", SEED, number)
              .isEqualTo(number);
          assertThat(connection.call("LINDEX", "numbers", "-1").asText())
              .isEqualTo(String.valueOf(number));
        }
      }
      assertThat(new RepositoryCheck(repository).check().findings()).isEmpty();
      missingSegmentIsAGap();
    }
  }

  private void missingSegmentIsAGap() throws IOException {
    List<SegmentName> segments = repository.segments(NAME);
    assertThat(segments.size()).isGreaterThan(2);
    SegmentName middle = segments.get(segments.size() / 2);
    store.delete(RepositoryKeys.segment(NAME, middle));

    assertThat(new RepositoryCheck(repository).check().status()).isEqualTo(ExitStatus.NOT_FOUND);
    assertThatThrownBy(
            () -> planner().plan(new RecoveryRequest.AtOffset(Optional.empty(), middle.end())))
        .isInstanceOf(RedrillException.class)
        .hasMessageContaining("E5004")
        .hasMessageContaining("missingTo=" + middle.end());
  }

  @Test
  void aLostConnectionIsResumedWithoutAGap() throws IOException {
    try (RealRedis source =
        RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0")) {
      try (LogArchiver archiver = archive(source)) {
        awaitFollowing(archiver);
        write(source, 1, 100);
        try (RespConnection connection = source.connect()) {
          connection.call("CLIENT", "KILL", "TYPE", "replica");
        }
        write(source, 101, 200);
        Awaitility.await().until(() -> archiver.status().losses() > 0);
        awaitFollowing(archiver);
        write(source, 201, 300);
        awaitStored(archiver, source);
      }
      assertThat(numberedWrites()).hasSize(300);
      assertThat(repository.snapshots(NAME)).hasSize(1);
      assertThat(planner().gaps()).isEmpty();
    }
  }

  @Test
  void aFollowedAppendOnlyFileGoesOnAcrossARewrite() throws IOException {
    try (RealRedis source = RealRedis.start(directory.resolve("source"), "--appendonly", "yes")) {
      DataDirSource dataDir =
          new DataDirSource(source.endpoint(), Optional.empty(), Duration.ofSeconds(30), clock);
      try (LogArchiver archiver =
          LogArchiver.start(repository, NAME, dataDir, taker, quick(), clock, new Random(SEED))) {
        awaitFollowing(archiver);
        write(source, 1, 100);
        dataDir.rewriteLog();
        write(source, 101, 200);
        Awaitility.await().until(() -> numberedWrites().size() == 200);
        Awaitility.await().until(() -> repository.snapshots(NAME).size() == 2);
      }
      assertThat(planner().gaps()).isEmpty();
      assertThat(planner().windows()).hasSize(1);
      Path restored = directory.resolve("restored");
      restore().restore(latest(), new RestoreTarget.DataDirectory(restored));
      try (RealRedis target = RealRedis.start(restored, "--appendonly", "yes")) {
        assertThat(digest(target)).isEqualTo(digest(source));
      }
    }
  }

  private LogArchiver archive(RealRedis source) {
    return LogArchiver.start(
        repository,
        NAME,
        new PsyncSource(source.endpoint(), clock),
        taker,
        quick(),
        clock,
        new Random(SEED));
  }

  private static ArchiverOptions quick() {
    return new ArchiverOptions(
        Duration.ofMillis(20),
        Duration.ofMillis(500),
        64 * 1024,
        3,
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5));
  }

  private static void awaitFollowing(LogArchiver archiver) {
    Awaitility.await().until(() -> archiver.status().state() == ArchiverStatus.State.FOLLOWING);
  }

  private static void awaitStored(LogArchiver archiver, RealRedis source) throws IOException {
    try (RespConnection connection = source.connect()) {
      long offset =
          connection
              .call("INFO", "replication")
              .asText()
              .lines()
              .filter(line -> line.startsWith("master_repl_offset:"))
              .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
              .findFirst()
              .orElseThrow();
      Awaitility.await()
          .until(() ->
              archiver.status().stored().map(position -> position.offset()).orElse(0L) >= offset);
    }
  }

  private static void fill(RealRedis server, int keys) throws IOException {
    try (RespConnection connection = server.connect()) {
      for (int i = 0; i < keys; i++) {
        connection.call("SET", "key:" + i, "value of " + i);
      }
    }
  }

  private static void write(RealRedis server, int from, int to) throws IOException {
    try (RespConnection connection = server.connect()) {
      for (int i = from; i <= to; i++) {
        connection.call("RPUSH", "numbers", String.valueOf(i));
      }
    }
  }

  private List<LogRecord> numberedWrites() throws IOException {
    List<LogRecord> writes = new ArrayList<>();
    for (SegmentName segment : repository.segments(NAME)) {
      try (SegmentReader reader = SegmentReader.open(repository, NAME, segment)) {
        for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
          next.filter(record -> record.command().is("RPUSH")).ifPresent(writes::add);
        }
      }
    }
    return writes;
  }

  private static String digest(RealRedis server) throws IOException {
    try (RespConnection connection = server.connect()) {
      return connection.call("DEBUG", "DIGEST").asText();
    }
  }

  private RecoveryPlanner planner() {
    return new RecoveryPlanner(repository, NAME);
  }

  private RecoveryPlan latest() {
    return planner().plan(new RecoveryRequest.Latest());
  }

  private Restore restore() {
    return new Restore(
        repository,
        (data, rdb) -> {
          throw new AssertionError("no log was to be replayed");
        },
        clock,
        random);
  }
}
