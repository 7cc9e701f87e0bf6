package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A background save shows one instant, whatever is written meanwhile.
///
/// Writers move money between accounts in transactions, so the sum is the same at every instant;
/// raise two counters together; make and remove keys; swap databases; and drop a database that is
/// filled again. A file that mixed two instants would show it.
class SnapshotInstantIT {

  private static final long SEED = 20261124;
  private static final int ACCOUNTS = 20_000;
  private static final int MARKERS = 5_000;
  private static final int START = 100;
  private static final int SNAPSHOTS = 6;

  @TempDir private Path dir;

  @Test
  void everySnapshotIsOneInstant() throws Exception {
    try (TestServer server = TestServer.start(dir, "--rdbcompression", "no");
        RespConnection control = server.connect()) {
      fill(control);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong rounds = new AtomicLong();
      Thread transfers = writer(server, stop, rounds, SnapshotInstantIT::transfer);
      Thread swaps = writer(server, stop, new AtomicLong(), SnapshotInstantIT::swapAndFlush);
      long during = 0;
      try {
        for (int i = 0; i < SNAPSHOTS; i++) {
          long before = rounds.get();
          Awaitility.await().until(() -> rounds.get() > before + 50);
          long saves = Long.parseLong(server.info("rdb_saves"));
          long atStart = rounds.get();
          control.call("BGSAVE");
          Awaitility.await()
              .atMost(60, TimeUnit.SECONDS)
              .until(() -> Long.parseLong(server.info("rdb_saves")) > saves);
          during += rounds.get() - atStart;
          verify(RdbContents.of(dir.resolve("dump.rdb")), i);
        }
      } finally {
        stop.set(true);
        transfers.join();
        swaps.join();
      }
      assertThat(during).as("transactions while snapshots ran").isPositive();
    }
  }

  private static void fill(RespConnection control) throws IOException {
    for (int i = 0; i < ACCOUNTS; i++) {
      control.send("SET", "account:" + i, Integer.toString(START));
    }
    control.send("MSET", "left", "0", "right", "0");
    control.flush();
    for (int i = 0; i <= ACCOUNTS; i++) {
      control.receive();
    }
    fillMarkers(control, 1, "a");
    fillMarkers(control, 2, "b");
  }

  /// Fills a database with keys that all hold the same word.
  private static void fillMarkers(RespConnection connection, int db, String word)
      throws IOException {
    String[] pairs = new String[1 + 2 * MARKERS];
    pairs[0] = "MSET";
    for (int i = 0; i < MARKERS; i++) {
      pairs[1 + 2 * i] = "marker:" + i;
      pairs[2 + 2 * i] = word;
    }
    connection.call("SELECT", Integer.toString(db));
    connection.call(pairs);
    connection.call("SELECT", "0");
  }

  private static void transfer(RespConnection connection, Random random, long round)
      throws IOException {
    String from = "account:" + random.nextInt(ACCOUNTS);
    String to = "account:" + random.nextInt(ACCOUNTS);
    int amount = 1 + random.nextInt(50);
    connection.send("MULTI");
    connection.send("DECRBY", from, Integer.toString(amount));
    connection.send("SET", "new:" + round, "x", "PX", Integer.toString(1 + random.nextInt(30)));
    connection.send("INCR", "left");
    connection.send("INCR", "right");
    connection.send("DEL", "new:" + (round - 3));
    connection.send("INCRBY", to, Integer.toString(amount));
    connection.send("EXEC");
    connection.flush();
    for (int i = 0; i < 8; i++) {
      connection.receive();
    }
  }

  private static void swapAndFlush(RespConnection connection, Random random, long round)
      throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> connection.call("SWAPDB", "1", "2");
      case 1 -> {
        connection.send("MULTI");
        connection.send("SELECT", "3");
        connection.send("FLUSHDB");
        connection.send("SET", "one", Long.toString(round));
        connection.send("SET", "two", Long.toString(round));
        connection.send("SELECT", "0");
        connection.send("EXEC");
        connection.flush();
        for (int i = 0; i < 7; i++) {
          connection.receive();
        }
      }
      default -> fillMarkers(connection, 1 + random.nextInt(2), "w" + round);
    }
  }

  private static void verify(RdbContents snapshot, int number) {
    Map<String, String> keys = snapshot.keys();
    long sum = 0;
    for (int i = 0; i < ACCOUNTS; i++) {
      sum += Long.parseLong(value(keys, "0/account:" + i));
    }
    String context = "snapshot %d, seed %d".formatted(number, SEED);
    assertThat(sum).as(context).isEqualTo((long) ACCOUNTS * START);
    assertThat(value(keys, "0/left")).as(context).isEqualTo(value(keys, "0/right"));
    for (int db = 1; db <= 2; db++) {
      String prefix = db + "/marker:";
      assertThat(keys.keySet().stream().filter(key -> key.startsWith(prefix)))
          .as(context)
          .hasSize(MARKERS);
      assertThat(
              keys.entrySet().stream()
                  .filter(entry -> entry.getKey().startsWith(prefix))
                  .map(Map.Entry::getValue)
                  .distinct())
          .as(context)
          .hasSize(1);
    }
    assertThat(keys.get("3/one")).as(context).isEqualTo(keys.get("3/two"));
  }

  private static String value(Map<String, String> keys, String key) {
    String described = keys.getOrDefault(key, "missing " + key);
    String hex = described.substring(described.lastIndexOf(' ') + 1);
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII);
  }

  @FunctionalInterface
  private interface Step {
    void run(RespConnection connection, Random random, long round) throws IOException;
  }

  private static Thread writer(
      TestServer server, AtomicBoolean stop, AtomicLong rounds, Step step) {
    return Thread.ofVirtual()
        .start(() -> {
          Random random = new Random(SEED);
          try (RespConnection connection = server.connect()) {
            while (!stop.get()) {
              step.run(connection, random, rounds.incrementAndGet());
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }
}
