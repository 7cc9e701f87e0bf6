package io.redrill.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.stats.Jemalloc;
import io.redrill.rdb.stats.KeyMeasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory that `rdb stats` estimates for keys, against what a real server of version 7.0 says
/// of them (`MEMORY USAGE key SAMPLES 0`) once it has loaded the same file.
class MemoryEstimateIT {

  private static final Path WHOLE = Path.of("..", "..", "shared", "corpus", "redis-7.0.15", "rdb");
  private static final Path CHOICE =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus", "redis-7.0.15", "rdb");

  /// A server converts small plain collections while it loads them, unless it may not pack any.
  private static final String[] NOTHING_PACKED = {
    "--hash-max-listpack-entries", "0",
    "--zset-max-listpack-entries", "0",
    "--set-max-intset-entries", "0"
  };

  @TempDir private Path directory;

  /// What was estimated and what the server says, over the keys of a kind.
  private static final class Sums {
    private long keys;
    private long estimated;
    private long actual;
    private double worst;
    private String worstKey = "";

    void add(String key, long estimate, long truth) {
      keys++;
      estimated += estimate;
      actual += truth;
      double off = Math.abs(estimate - truth) / (double) truth;
      if (off > worst) {
        worst = off;
        worstKey = "%s: estimated %d, is %d".formatted(key, estimate, truth);
      }
    }

    double off() {
      return Math.abs(estimated - actual) / (double) actual;
    }

    @Override
    public String toString() {
      return "%d keys, estimated %d, are %d (%.2f %% off); worst %.1f %%: %s"
          .formatted(keys, estimated, actual, 100 * off(), 100 * worst, worstKey);
    }
  }

  @BeforeEach
  void requireServer() {
    RealRedis.assumeInstalled();
  }

  private static Path file(String name) {
    return (Files.isDirectory(WHOLE) ? WHOLE : CHOICE).resolve(name);
  }

  @Test
  void isWithinItsToleranceForPackedData() throws IOException {
    assertTolerances(compare(file("everything.rdb")), 0.02);
    assertTolerances(
        compare(
            file("large-packed.rdb"),
            "--hash-max-listpack-entries",
            "100000",
            "--hash-max-listpack-value",
            "1000000",
            "--zset-max-listpack-entries",
            "100000",
            "--zset-max-listpack-value",
            "1000000",
            "--set-max-intset-entries",
            "100000"),
        0.02);
  }

  @Test
  void isWithinItsToleranceForPlainData() throws IOException {
    assertTolerances(compare(file("small-unpacked.rdb"), NOTHING_PACKED), 0.15);
  }

  @Test
  void isWithinItsToleranceForManyKeysOfEverySize() throws IOException {
    Path rdb = directory.resolve("made.rdb");
    try (RealRedis server =
            RealRedis.start(directory.resolve("maker"), "--dbfilename", "made.rdb");
        RespConnection client = server.connect()) {
      String script =
          """
          for i = 0, 400 do
            redis.call('SET', 'str:' .. i, string.rep('x', i))
            redis.call('SET', string.rep('k', i) .. ':', i)
            redis.call('SET', 'num:' .. i, i * 1000003)
          end
          for i = 1, 40 do
            for j = 1, i * 30 do
              redis.call('RPUSH', 'list:' .. i, string.rep('e', j % 97))
              redis.call('SADD', 'ints:' .. i, j * i)
              redis.call('SADD', 'set:' .. i, 'member' .. string.rep('m', j % 50) .. j)
              redis.call('HSET', 'hash:' .. i, 'field' .. j, string.rep('v', j % 80))
              redis.call('ZADD', 'zset:' .. i, j / 3, 'member' .. string.rep('m', j % 30) .. j)
              redis.call('XADD', 'stream:' .. i, i .. '-' .. j, 'temperature', j, 'place', 'p' .. i)
            end
          end
          return 1
          """;
      assertThat(client.call("EVAL", script, "0").asLong()).isEqualTo(1);
      assertThat(client.call("SAVE").asText()).isEqualTo("OK");
      Files.copy(server.directory().resolve("made.rdb"), rdb);
    }
    assertTolerances(compare(rdb), 0.02);
  }

  /// Sizes are exact but where a server leaves them to chance (the levels of skip lists), counts
  /// them by guess (radix trees), or joins the nodes of lists as it loads them.
  private static void assertTolerances(Map<RdbKind, Sums> sums, double ofLists) {
    sums.forEach((kind, sum) -> {
      double tolerance =
          switch (kind) {
            case STRING, SET, HASH -> 0.005;
            case LIST -> ofLists;
            case SORTED_SET -> 0.05;
            default -> 0.25;
          };
      assertThat(sum.off()).as("%s: %s", kind, sum).isLessThan(tolerance);
    });
    assertThat(sums).isNotEmpty();
  }

  private Map<RdbKind, Sums> compare(Path rdb, String... directives) throws IOException {
    Path data = Files.createTempDirectory(directory, "server");
    Files.copy(rdb, data.resolve("dump.rdb"));
    List<String> words = new ArrayList<>(List.of("--databases", "1024"));
    words.addAll(List.of(directives));
    Map<RdbKind, Sums> sums = new EnumMap<>(RdbKind.class);
    try (RealRedis server = RealRedis.start(data, words.toArray(String[]::new));
        RespConnection client = server.connect();
        ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      server.assumeRelease("7.0");
      KeyMeasure measure = new KeyMeasure(allocator(client));
      RdbCursor cursor = new RdbCursor(in);
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step == Step.KEY) {
          measure.measure(cursor);
          client.call("SELECT", String.valueOf(cursor.db()));
          byte[] key = cursor.key().toByteArray();
          RespReply usage =
              client.call(List.of(b("MEMORY"), b("USAGE"), key, b("SAMPLES"), b("0")));
          if (usage instanceof RespReply.IntegerReply(long actual)) {
            sums.computeIfAbsent(measure.kind(), absent -> new Sums())
                .add(new String(key, UTF_8), measure.memoryBytes(), actual);
          }
        }
      }
    }
    return sums;
  }

  /// Tells the build of jemalloc by what 40 bytes take: 40 or 48.
  private static Jemalloc allocator(RespConnection client) throws IOException {
    client.call("SET", "p", "x".repeat(20)); // object, header, text and zero: 40 bytes
    long usage = client.call("MEMORY", "USAGE", "p").asLong();
    client.call("DEL", "p");
    long bundled = 8 + 24 + 40;
    return usage == bundled ? Jemalloc.BUNDLED : Jemalloc.SYSTEM;
  }

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }
}
