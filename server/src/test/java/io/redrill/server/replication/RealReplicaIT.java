package io.redrill.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real `redis-server`s follow the bundled server: first synchronisation, stream, a short absence,
/// and a restart of the primary.
class RealReplicaIT {

  private static final long SEED = 7;

  @TempDir private Path dir;

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
  }

  @Test
  void replicasHoldEqualDataWhileWritesGoOn() throws Exception {
    try (TestServer primary = TestServer.start(dir.resolve("primary"));
        RealRedis first = replica("first", primary.port());
        RealRedis second = replica("second", primary.port())) {
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer = Thread.ofVirtual().start(() -> write(primary, stop));
      try (RealRedis late = replica("late", primary.port())) {
        awaitLink(first);
        awaitLink(second);
        awaitLink(late);
        stop.set(true);
        writer.join();
        assertThat(primary.info("connected_slaves")).isEqualTo("3");
        assertThat(primary.run("WAIT", "3", "20000")).isEqualTo("3");
        RdbContents expected = contents(primary, dir.resolve("primary"));
        for (RealRedis replica : new RealRedis[] {first, second, late}) {
          assertThat(replica.connect().call("SAVE").asText()).isEqualTo("OK");
          assertThat(RdbContents.of(replica.directory().resolve("dump.rdb")).keys())
              .as("seed %d", SEED)
              .isEqualTo(expected.keys());
        }
      }
    }
  }

  @Test
  void replicaGoesOnFromTheBacklogAfterAShortAbsence() throws Exception {
    try (TestServer primary = TestServer.start(dir.resolve("primary"));
        RealRedis replica = replica("replica", primary.port())) {
      awaitLink(replica);
      long full = Long.parseLong(primary.info("sync_full"));
      String link = primary.run("CLIENT", "LIST");
      String id =
          link.lines()
              .filter(line -> line.contains("cmd=replconf") || line.contains("cmd=psync"))
              .map(line -> line.replaceFirst("^id=(\\d+) .*", "$1"))
              .findFirst()
              .orElseThrow();
      primary.run("CLIENT", "KILL", "ID", id);
      primary.run("SET", "while", "away");
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> primary.info("sync_partial_ok").equals("1"));
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(get(replica, "while")).isEqualTo("away"));
      assertThat(Long.parseLong(primary.info("sync_full"))).isEqualTo(full);
    }
  }

  @Test
  void positionSurvivesARestartThroughTheSnapshot() throws Exception {
    String id;
    long offset;
    try (TestServer primary = TestServer.start(dir)) {
      primary.run("SET", "key", "value");
      primary.run("SAVE");
      id = primary.info("master_replid");
      offset = Long.parseLong(primary.info("master_repl_offset"));
    }
    try (TestServer again = TestServer.start(dir)) {
      assertThat(again.info("master_replid2")).isEqualTo(id);
      assertThat(Long.parseLong(again.info("master_repl_offset"))).isEqualTo(offset);
      again.run("SET", "key", "next");
      try (RespConnection connection = again.connect()) {
        connection.call("REPLCONF", "capa", "psync2");
        assertThat(connection.call("PSYNC", id, Long.toString(offset + 1)).asText())
            .isEqualTo("CONTINUE " + again.info("master_replid"));
      }
      try (RespConnection connection = again.connect()) {
        assertThat(connection.call("PSYNC", id, Long.toString(offset + 2)).asText())
            .startsWith("FULLRESYNC " + again.info("master_replid"));
      }
    }
  }

  private RealRedis replica(String name, int port) throws IOException {
    return RealRedis.start(dir.resolve(name), "--replicaof", "127.0.0.1 " + port);
  }

  private static void awaitLink(RealRedis replica) {
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> {
          try (RespConnection connection = replica.connect()) {
            return connection
                .call("INFO", "replication")
                .asText()
                .contains("master_link_status:up");
          }
        });
  }

  private static String get(RealRedis replica, String key) throws IOException {
    try (RespConnection connection = replica.connect()) {
      RespReply reply = connection.call("GET", key);
      return reply instanceof RespReply.NullReply ? "" : reply.asText();
    }
  }

  private static RdbContents contents(TestServer server, Path directory) throws IOException {
    server.run("SAVE");
    return RdbContents.of(directory.resolve("dump.rdb"));
  }

  private static void write(TestServer server, AtomicBoolean stop) {
    Random random = new Random(SEED);
    try (RespConnection connection = server.connect()) {
      while (!stop.get()) {
        String key = Integer.toString(random.nextInt(500));
        connection.call("SELECT", Integer.toString(random.nextInt(3)));
        switch (random.nextInt(8)) {
          case 0 -> connection.call("SET", "s" + key, "v" + random.nextInt());
          case 1 -> connection.call("INCR", "n" + key);
          case 2 -> connection.call("RPUSH", "l" + key, "e" + random.nextInt());
          case 3 -> connection.call("HSET", "h" + key, "f" + random.nextInt(50), "v");
          case 4 -> connection.call("SADD", "m" + key, "m" + random.nextInt(500));
          case 5 -> connection.call("ZADD", "z" + key, "1.5", "m" + random.nextInt(500));
          case 6 -> connection.call("SET", "x" + key, "v", "EX", "1000");
          default -> connection.call("DEL", "s" + key, "l" + key, "h" + key);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
