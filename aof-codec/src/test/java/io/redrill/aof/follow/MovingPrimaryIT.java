package io.redrill.aof.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofFinding.Severity;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.stream.ClusterLocator;
import io.redrill.aof.stream.PrimaryLocator;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.SentinelLocator;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real Sentinels and a real cluster, whose primaries move while they are followed.
class MovingPrimaryIT {

  @TempDir Path directory;
  private final List<Process> sentinels = new ArrayList<>();
  private final List<RealRedis> servers = new ArrayList<>();

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process sentinel : sentinels) {
      sentinel.destroy();
      sentinel.waitFor(10, TimeUnit.SECONDS);
    }
    servers.forEach(RealRedis::close);
  }

  private RealRedis server(String name, String... directives) throws IOException {
    RealRedis server = RealRedis.start(directory.resolve(name), directives);
    servers.add(server);
    return server;
  }

  private static ServerEndpoint endpoint(int port) {
    return ServerEndpoint.of("127.0.0.1", port).with(Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  /// Follows the primary, writes to it, moves it by `failover`, and writes to the new one, each
  /// time until the write is durable here. Gives what the follower told.
  private List<String> follow(PrimaryLocator locator, String key, Runnable failover)
      throws IOException, InterruptedException {
    List<String> told = new CopyOnWriteArrayList<>();
    AofFollower.Listener listener =
        new AofFollower.Listener() {
          @Override
          public void snapshot(StreamPlace start, Optional<StreamPlace> before) {
            told.add("snapshot");
          }

          @Override
          public void following(StreamPlace start) {
            told.add("following " + start.replicationId());
          }

          @Override
          public void durable(StreamPlace end) {
            // what counts is in the files
          }

          @Override
          public void lost(IOException cause, Duration pause) {
            told.add("lost");
          }
        };
    Path followed = directory.resolve("followed");
    AofFollower follower =
        new AofFollower(
            ReplicationOptions.of(endpoint(1)),
            locator,
            followed,
            1 << 20,
            InstantSource.system(),
            new Random(1),
            listener);
    Thread thread = Thread.ofVirtual().start(() -> run(follower, told));
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> told.size() >= 2);
    ServerEndpoint before = locator.locate();
    write(before, key, "before");
    failover.run();
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> !locator.locate().address().equals(before.address()));
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> told.stream().filter(line -> line.startsWith("following")).count() >= 2);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          write(locator.locate(), key, "after");
          return true;
        });
    follower.close();
    thread.join();
    assertThat(told.stream().filter(line -> line.startsWith("following")).distinct())
        .as("the ID of the promoted one: %s", told)
        .hasSizeGreaterThan(1);
    assertThat(AofCheck.check(followed).worst()).isEqualTo(Severity.NOTE);
    Path data = Files.createDirectories(directory.resolve("loaded"));
    Files.move(followed, data.resolve("appendonlydir"));
    RealRedis loaded = server("loaded", "--appendonly", "yes");
    try (RespConnection client = loaded.connect()) {
      assertThat(client.call("GET", key).asText()).isEqualTo("after");
    }
    return told;
  }

  private static void run(AofFollower follower, List<String> told) {
    try {
      follower.run();
    } catch (IOException e) {
      told.add("failed: " + e);
    }
  }

  /// Waits until the follower has it; the other replica has it too.
  private static void write(ServerEndpoint primary, String key, String value) throws IOException {
    try (RespConnection client = RespConnection.connect(primary)) {
      client.call("SET", key, value);
      assertThat(client.call("WAIT", "2", "20000").asLong()).isEqualTo(2);
    }
  }

  @Test
  void followsWhereSentinelsLead() throws IOException, InterruptedException {
    RealRedis primary = server("primary", "--repl-diskless-sync-delay", "0");
    server(
        "replica", "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1 " + primary.port());
    List<ServerEndpoint> asked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      asked.add(endpoint(sentinel(primary.port(), i)));
    }
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() ->
            knows(asked.getFirst(), "num-slaves", 1)
                && knows(asked.getFirst(), "num-other-sentinels", 2));
    SentinelLocator locator = new SentinelLocator(asked, "orders", endpoint(1));
    // Sentinels publish by the old primary until it is told, and that is no part of the new one's
    // stream: where they did, a new snapshot is right.
    follow(
        locator,
        "key",
        () ->
            Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(RespErrorException.class)
                .until(() -> {
                  try (RespConnection sentinel = RespConnection.connect(asked.getFirst())) {
                    return sentinel.call("SENTINEL", "FAILOVER", "orders").asText().equals("OK");
                  }
                }));
  }

  private int sentinel(int primary, int number) throws IOException {
    int port = RealRedis.freePort();
    Path home = Files.createDirectories(directory.resolve("sentinel-" + number));
    Path configuration =
        Files.writeString(
            home.resolve("sentinel.conf"),
            """
            port %d
            bind 127.0.0.1
            dir %s
            sentinel monitor orders 127.0.0.1 %d 2
            sentinel down-after-milliseconds orders 2000
            sentinel failover-timeout orders 5000
            """
                .formatted(port, home, primary));
    sentinels.add(
        new ProcessBuilder("redis-server", configuration.toString(), "--sentinel")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start());
    return port;
  }

  private static boolean knows(ServerEndpoint sentinel, String field, long number)
      throws IOException {
    try (RespConnection connection = RespConnection.connect(sentinel)) {
      List<RespReply> fields = connection.call("SENTINEL", "MASTER", "orders").asList();
      for (int i = 0; i + 1 < fields.size(); i += 2) {
        if (fields.get(i).asText().equals(field)) {
          return fields.get(i + 1).asText().equals(String.valueOf(number));
        }
      }
      return false;
    }
  }

  @Test
  void followsAShardOfACluster() throws IOException, InterruptedException {
    List<RealRedis> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(
          server(
              "node-" + i,
              "--cluster-enabled",
              "yes",
              "--cluster-port",
              String.valueOf(RealRedis.freePort()),
              "--repl-diskless-sync-delay",
              "0"));
    }
    join(nodes);
    RealRedis replica = nodes.getLast();
    ClusterLocator locator =
        new ClusterLocator(List.of(endpoint(nodes.get(1).port())), 0, endpoint(1));
    List<String> told =
        follow(
            locator,
            "{06S}", // in slot 0
            () -> {
              try (RespConnection node = replica.connect()) {
                assertThat(node.call("CLUSTER", "FAILOVER").asText()).isEqualTo("OK");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(told.stream().filter("snapshot"::equals))
        .as("goes on in the stream: %s", told)
        .hasSize(1);
  }

  /// Three primaries with a third of the slots each, and a replica of the first.
  private static void join(List<RealRedis> nodes) throws IOException {
    int[] first = {0, 5461, 10923, 16384};
    for (int i = 0; i < 3; i++) {
      try (RespConnection node = nodes.get(i).connect()) {
        node.call(
            "CLUSTER", "ADDSLOTSRANGE", String.valueOf(first[i]), String.valueOf(first[i + 1] - 1));
        node.call("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
      }
    }
    String id;
    try (RespConnection node = nodes.getFirst().connect()) {
      id = node.call("CLUSTER", "MYID").asText();
      for (RealRedis other : nodes.subList(1, 4)) {
        String bus;
        try (RespConnection connection = other.connect()) {
          bus = connection.call("CONFIG", "GET", "cluster-port").asList().get(1).asText();
        }
        node.call("CLUSTER", "MEET", "127.0.0.1", String.valueOf(other.port()), bus);
      }
    }
    try (RespConnection node = nodes.getLast().connect()) {
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .ignoreExceptionsInstanceOf(RespErrorException.class)
          .until(() -> node.call("CLUSTER", "REPLICATE", id).asText().equals("OK"));
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> node.call("INFO", "replication").asText().contains("master_link_status:up"));
    }
    for (RealRedis each : nodes) {
      try (RespConnection node = each.connect()) {
        Awaitility.await()
            .atMost(60, TimeUnit.SECONDS)
            .until(() -> node.call("CLUSTER", "INFO").asText().contains("cluster_state:ok"));
      }
    }
  }
}
