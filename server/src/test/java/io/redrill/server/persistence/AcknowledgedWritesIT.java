package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.server.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With `appendfsync always`, what has been acknowledged is there after `kill -9`: also while
/// snapshots and rewrites run.
class AcknowledgedWritesIT {

  private static final int WRITERS = 4;

  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void survivesTheKill(long seed) throws Exception {
    Random random = new Random(seed);
    String[] directives = {"--appendonly", "yes", "--appendfsync", "always"};
    List<AtomicLong> acknowledged = new ArrayList<>();
    List<Thread> writers = new ArrayList<>();
    ServerProcess server = ServerProcess.start(dir, directives);
    try {
      for (int i = 0; i < WRITERS; i++) {
        AtomicLong last = new AtomicLong();
        acknowledged.add(last);
        int number = i;
        writers.add(Thread.ofVirtual().start(() -> write(server, number, last)));
      }
      long target = random.nextLong(200, 800);
      for (String disturbance : List.of("BGREWRITEAOF", "BGSAVE", "BGREWRITEAOF")) {
        long before = total(acknowledged);
        Awaitility.await()
            .atMost(60, TimeUnit.SECONDS)
            .until(() -> total(acknowledged) > before + target / 3);
        try (RespConnection control = server.connect()) {
          control.send(disturbance);
          control.flush();
          control.receive();
        }
      }
    } finally {
      server.kill();
    }
    for (Thread writer : writers) {
      writer.join();
    }

    try (ServerProcess again = ServerProcess.start(dir, directives);
        RespConnection reader = again.connect()) {
      for (int i = 0; i < WRITERS; i++) {
        long last = acknowledged.get(i).get();
        assertThat(Long.parseLong(reader.call("GET", "counter:" + i).asText()))
            .as("seed %d, writer %d", seed, i)
            .isBetween(last, last + 1);
        for (long n = 1; n <= last; n++) {
          assertThat(reader.call("GET", "key:%d:%d".formatted(i, n)).asText())
              .as("seed %d, writer %d", seed, i)
              .isEqualTo(Long.toString(n));
        }
      }
    }
  }

  private static long total(List<AtomicLong> counts) {
    return counts.stream().mapToLong(AtomicLong::get).sum();
  }

  /// Writes numbered keys until the server is gone; `last` is the last one acknowledged.
  private static void write(ServerProcess server, int number, AtomicLong last) {
    try (RespConnection connection = server.connect()) {
      for (long n = 1; ; n++) {
        connection.send("MULTI");
        connection.send("SET", "key:%d:%d".formatted(number, n), Long.toString(n));
        connection.send("SET", "counter:" + number, Long.toString(n));
        connection.send("EXEC");
        connection.flush();
        for (int i = 0; i < 4; i++) {
          connection.receive();
        }
        last.set(n);
      }
    } catch (IOException killed) {
      // That is how each round ends.
    }
  }
}
