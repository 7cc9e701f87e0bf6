package io.redrill.aof.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofFinding.Severity;
import io.redrill.aof.AofManifest;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.stream.PrimaryLocator;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.testing.FaultyLink;
import io.redrill.aof.testing.Peer;
import io.redrill.aof.testing.RandomWrites;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Follows real servers. For ten minutes, as CONTRIBUTING.md says: `-Dredrill.follow.seconds=600`.
class AofFollowerIT {

  private static final long SECONDS = Long.getLong("redrill.follow.seconds", 10);
  private static final long SEED = Long.getLong("redrill.follow.seed", 20261201);

  @TempDir Path directory;

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  /// What the follower told, line by line, and where its durable log ends.
  private static final class Told implements AofFollower.Listener {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile StreamPlace durable = new StreamPlace("", 0, 0);

    @Override
    public void snapshot(StreamPlace start, Optional<StreamPlace> before) {
      lines.add("snapshot");
    }

    @Override
    public void following(StreamPlace start) {
      lines.add("following");
      durable = start;
    }

    @Override
    public void durable(StreamPlace end) {
      durable = end;
    }

    @Override
    public void lost(IOException cause, Duration pause) {
      lines.add("lost");
    }

    long count(String line) {
      return lines.stream().filter(line::equals).count();
    }
  }

  /// A follower on a thread of its own; its failure, if it ends by one.
  private static final class Running implements AutoCloseable {
    private final AofFollower follower;
    private final Thread thread;
    private volatile Optional<Exception> failure = Optional.empty();

    Running(AofFollower follower) {
      this.follower = follower;
      this.thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  follower.run();
                } catch (IOException | RuntimeException e) {
                  failure = Optional.of(e);
                }
              });
    }

    @Override
    public void close() throws IOException {
      follower.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (failure.isPresent()) {
        throw new IOException("the follower failed", failure.get());
      }
    }
  }

  private Running follow(FaultyLink link, Told told) throws IOException {
    ServerEndpoint patient = link.endpoint().with(Duration.ofSeconds(5), Duration.ofSeconds(20));
    return new Running(
        new AofFollower(
            ReplicationOptions.of(patient),
            PrimaryLocator.fixed(patient),
            directory.resolve("followed"),
            300_000,
            InstantSource.system(),
            new Random(SEED),
            told));
  }

  private static void awaitDurable(RealRedis primary, Told told) throws IOException {
    long offset = offset(primary);
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> told.durable.offset() >= offset);
  }

  private static long offset(RealRedis primary) throws IOException {
    try (RespConnection connection = primary.connect()) {
      return connection
          .call("INFO", "replication")
          .asText()
          .lines()
          .filter(line -> line.startsWith("master_repl_offset:"))
          .mapToLong(line -> Long.parseLong(line.substring(19).trim()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String digest(RealRedis server) throws IOException {
    try (RespConnection connection = server.connect()) {
      return connection.call("DEBUG", "DIGEST").asText();
    }
  }

  /// The connection is cut again and again, the primary ends in order and starts, and is killed and
  /// starts. What was followed has no gap and no overlap, and a server that loads it holds what the
  /// primary holds.
  @Test
  void keepsEverythingThroughCutsAndRestarts() throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    int cuts = SECONDS >= 600 ? 50 : 12;
    Path data = directory.resolve("primary");
    RealRedis[] primary = {start(data)};
    Told told = new Told();
    try (FaultyLink link = new FaultyLink(primary[0].port());
        RandomWrites writes = RandomWrites.start(SEED, () -> primary[0].port())) {
      try (Running _ = follow(link, told)) {
        for (int cut = 1; cut <= cuts; cut++) {
          Thread.sleep(random.nextLong(2 * SECONDS * 1000 / cuts));
          link.cut();
          if (cut == cuts / 3 || cut == 2 * cuts / 3) {
            primary[0] = restart(primary[0], data, cut == cuts / 3);
            link.leadTo(primary[0].port());
          }
        }
        long before = writes.written();
        Awaitility.await()
            .atMost(60, TimeUnit.SECONDS)
            .until(() -> writes.written() > before + 300);
        writes.stop();
        awaitDurable(primary[0], told);
        try (RespConnection connection = primary[0].connect()) {
          connection.call("SET", "the last", "write");
          assertThat(connection.call("WAIT", "1", "20000").asLong())
              .as("acknowledged is what is durable")
              .isEqualTo(1);
        }
      }
      assertThat(writes.written()).isGreaterThan(1000);
      assertThat(told.count("following")).as("seed %d: %s", SEED, told.lines).isGreaterThan(3);
      Path followed = directory.resolve("followed");
      assertThat(AofCheck.check(followed).worst()).isEqualTo(Severity.NOTE);
      assertContinuous(followed);
      assertHolds(digest(primary[0]), followed);
    } finally {
      primary[0].close();
    }
  }

  private static RealRedis start(Path data) throws IOException {
    return RealRedis.start(
        data,
        "--appendonly",
        "yes",
        "--aof-use-rdb-preamble",
        "yes",
        "--repl-diskless-sync-delay",
        "0");
  }

  private static RealRedis restart(RealRedis old, Path data, boolean inOrder) throws IOException {
    if (inOrder) {
      old.close();
    } else {
      old.kill();
    }
    return start(data);
  }

  /// Each file begins where the one before ended, and so does each new connection.
  private static void assertContinuous(Path followed) throws IOException {
    AofManifest manifest = AofDirectory.open(followed).manifest().orElseThrow();
    long reached = manifest.increments().getFirst().startOffset().orElseThrow();
    for (AofManifest.Part part : manifest.increments()) {
      assertThat(part.startOffset()).hasValue(reached);
      Path file = followed.resolve(part.name());
      try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
        AofCursor log = new AofCursor(in);
        for (AofCursor.Step step = log.next(); step != AofCursor.Step.END; step = log.next()) {
          if (step == AofCursor.Step.POSITION_MARK) {
            assertThat(log.streamOffset())
                .as("%s at %d", part.name(), log.offset())
                .isEqualTo(reached);
          } else if (log.complete() && log.replicationId().isPresent()) {
            reached = log.streamOffset();
          }
        }
      }
    }
  }

  private void assertHolds(String digest, Path followed) throws IOException {
    Path data = directory.resolve("loaded");
    Path set = Files.createDirectories(data.resolve("appendonlydir"));
    for (Path file : AofDirectory.open(followed).files()) {
      Files.copy(file, set.resolve(file.getFileName()));
    }
    Files.copy(followed.resolve("appendonly.aof.manifest"), set.resolve("appendonly.aof.manifest"));
    try (RealRedis loaded = RealRedis.start(data, "--appendonly", "yes")) {
      assertThat(digest(loaded)).isEqualTo(digest);
    }
  }

  /// A replica passes its primary's stream on, without a `SELECT` behind the snapshot: the snapshot
  /// says which database is selected.
  @Test
  void followsAReplicaInTheDatabaseThatIsSelected() throws IOException {
    Told told = new Told();
    try (RealRedis primary = start(directory.resolve("primary"));
        RealRedis replica =
            RealRedis.start(
                directory.resolve("replica"),
                "--repl-diskless-sync-delay",
                "0",
                "--replicaof",
                "127.0.0.1 " + primary.port());
        FaultyLink link = new FaultyLink(replica.port());
        RespConnection client = primary.connect()) {
      client.call("SELECT", "5");
      client.call("SET", "before", "1");
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> client.call("WAIT", "1", "1000").asLong() == 1);
      try (Running _ = follow(link, told)) {
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> told.count("following") == 1);
        client.call("SET", "after", "1");
        awaitDurable(primary, told);
      }
      assertHolds(digest(primary), directory.resolve("followed"));
    }
  }

  /// A replica is promoted, and the address leads there: the stream goes on under its new ID.
  @Test
  void goesOnAtAPromotedReplica() throws IOException {
    Told told = new Told();
    try (RealRedis primary = start(directory.resolve("primary"));
        RealRedis replica =
            RealRedis.start(
                directory.resolve("replica"), "--replicaof", "127.0.0.1 " + primary.port());
        FaultyLink link = new FaultyLink(primary.port());
        RespConnection client = primary.connect();
        RespConnection promoted = replica.connect()) {
      try (Running _ = follow(link, told)) {
        try (RandomWrites writes = RandomWrites.start(SEED, primary::port)) {
          Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> writes.written() > 1000);
        }
        client.call("SET", "both", "have this");
        Awaitility.await()
            .atMost(30, TimeUnit.SECONDS)
            .until(() -> client.call("WAIT", "2", "1000").asLong() == 2);
        promoted.call("REPLICAOF", "NO", "ONE");
        link.leadTo(replica.port());
        try (RandomWrites writes = RandomWrites.start(SEED, replica::port)) {
          Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> writes.written() > 1000);
        }
        awaitDurable(replica, told);
      }
      assertThat(told.count("snapshot")).as("%s", told.lines).isEqualTo(1);
      assertThat(told.count("following")).isEqualTo(2);
      Path followed = directory.resolve("followed");
      assertContinuous(followed);
      assertHolds(digest(replica), followed);
    }
  }

  /// Each release that there is besides: followed, stopped, and gone on with where it ended.
  @Test
  void followsEveryRelease() throws IOException {
    List<Peer> peers = Peer.all();
    Assumptions.assumeFalse(peers.isEmpty(), "no other releases are unpacked: run ./peers");
    for (Peer release : peers) {
      directory = Files.createTempDirectory(directory, release.product());
      Told told = new Told();
      try (RealRedis primary =
              RealRedis.start(
                  release, directory.resolve("primary"), "--repl-diskless-sync-delay", "0");
          FaultyLink link = new FaultyLink(primary.port())) {
        try (RandomWrites writes = RandomWrites.start(SEED, primary::port)) {
          try (Running _ = follow(link, told)) {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> writes.written() > 2000);
          }
          Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> writes.written() > 4000);
          try (Running _ = follow(link, told)) {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> writes.written() > 6000);
            writes.stop();
            awaitDurable(primary, told);
          }
        }
        assertThat(told.lines)
            .as("%s: resumed, not begun anew", release)
            .containsExactly("snapshot", "following", "following");
        assertContinuous(directory.resolve("followed"));
        assertThat(holds(release, directory.resolve("followed")))
            .as("%s", release)
            .isEqualTo(digest(primary));
      }
    }
  }

  /// What a server of the same release, or 7.0 for those that know no directories, holds of it.
  private String holds(Peer release, Path followed) throws IOException {
    Path data = Files.createDirectories(directory.resolve("loaded"));
    Files.move(followed, data.resolve("appendonlydir"));
    try (RealRedis loaded =
        release.version().startsWith("6.")
            ? RealRedis.start(data, "--appendonly", "yes")
            : RealRedis.start(release, data, "--appendonly", "yes")) {
      return digest(loaded);
    }
  }

  @Test
  void refusesADirectoryOfSomethingElse() throws IOException {
    Path followed = Files.createDirectories(directory.resolve("followed"));
    Files.writeString(followed.resolve("notes.txt"), "mine");
    try (FaultyLink link = new FaultyLink(1)) {
      assertThatThrownBy(() -> follow(link, new Told()))
          .isInstanceOf(FollowedLogException.class)
          .hasMessageContaining("not empty");
      Files.delete(followed.resolve("notes.txt"));
      try (Running _ = follow(link, new Told())) {
        assertThatThrownBy(() -> follow(link, new Told()))
            .isInstanceOf(FollowedLogException.class)
            .hasMessageContaining("somebody else");
      }
    }
  }
}
