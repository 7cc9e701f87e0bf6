package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are damaged from seeds, and salvaged: a check finds nothing wrong, a Redis 7.0 loads
/// them, and what it then answers is what was in the file.
class SalvagedFilesIT {

  private static final Path CORPUS =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");
  private static final int RUNS = 8;
  private static final int PAGE_BYTES = 4096;

  @TempDir private static Path directory;
  private static RealRedis server;

  @BeforeAll
  static void startServer() throws IOException {
    RealRedis.assumeInstalled();
    server = RealRedis.start(directory.resolve("server"), "--databases", "1024");
    server.assumeRelease("7.0");
  }

  @AfterAll
  static void endServer() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-6.2.16/rdb/large-packed.rdb",
        "redis-7.0.15/rdb/everything.rdb",
        "redis-7.0.15/rdb/large-packed.rdb"
      })
  void redis7LoadsWhatComesBack(String name) throws IOException {
    byte[] original = Files.readAllBytes(CORPUS.resolve(name));
    JsonNode truth = WireTruth.read(CORPUS.resolve(name));
    Map<String, String> expected = WireTruth.of(truth);
    Path dump = server.directory().resolve("dump.rdb");
    for (int seed = 0; seed < RUNS; seed++) {
      String run = "%s, seed %d".formatted(name, seed);
      Files.write(directory.resolve("damaged.rdb"), damaged(original, new Random(seed)));

      CommandRun salvage =
          CommandRun.in(
              directory,
              "rdb",
              "salvage",
              "damaged.rdb",
              "--to",
              dump.toString(),
              "--force",
              "--without-functions",
              "--json");

      assertThat(salvage.status()).as("%s: %s", run, salvage).isEqualTo(3);
      assertThat(salvage.json().get("keys").asInt()).as(run).isPositive();
      CommandRun check = CommandRun.in(directory, "rdb", "check", dump.toString());
      assertThat(check.status()).as("%s: %s", run, check).isZero();
      try (RespConnection client = server.connect()) {
        Map<String, String> found = WireTruth.ofReloaded(client, truth);
        // Of a string nobody sees that some of its bytes are others.
        assertThat(found.entrySet().stream().filter(key -> !expected.entrySet().contains(key)))
            .as(run)
            .hasSizeLessThanOrEqualTo(2);
      }
    }
  }

  /// A page of zeros, and a few bytes elsewhere that are others.
  private static byte[] damaged(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int page = random.nextInt(original.length / PAGE_BYTES + 1) * PAGE_BYTES;
    Arrays.fill(bytes, Math.max(9, page), Math.min(bytes.length, page + PAGE_BYTES), (byte) 0);
    byte[] garbage = new byte[20];
    random.nextBytes(garbage);
    System.arraycopy(
        garbage, 0, bytes, 9 + random.nextInt(bytes.length - 9 - garbage.length), garbage.length);
    return bytes;
  }
}
