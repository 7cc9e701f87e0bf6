package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.filter.KeyGlob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of every server, converted for Redis 7.0 and loaded by one: it answers what the server
/// that wrote the file answered.
class ConvertedFilesIT {

  private static final Path WHOLE = Path.of("..", "..", "shared", "corpus");
  private static final Path CHOICE =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");
  private static final int DATABASES = 1024;

  @TempDir private static Path directory;
  private static RealRedis server;

  @BeforeAll
  static void startServer() throws IOException {
    RealRedis.assumeInstalled();
    server = RealRedis.start(directory.resolve("server"), "--databases", String.valueOf(DATABASES));
    server.assumeRelease("7.0");
  }

  @AfterAll
  static void endServer() {
    if (server != null) {
      server.close();
    }
  }

  static Stream<Arguments> files() throws IOException {
    Path root = Files.isDirectory(WHOLE) ? WHOLE : CHOICE;
    try (Stream<Path> paths = Files.walk(root)) {
      List<Path> files =
          paths
              .filter(path -> path.toString().matches(".*-[0-9.]+/rdb/[^/]+\\.rdb"))
              .filter(path -> !path.getFileName().toString().startsWith("module-"))
              .sorted()
              .toList();
      assertThat(files).isNotEmpty();
      return files.stream()
          .map(file -> Arguments.argumentSet(root.relativize(file).toString(), file));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void redis7LoadsThemAndGivesTheSameData(Path file) throws IOException {
    JsonNode truth = WireTruth.read(file);
    Path dump = server.directory().resolve("dump.rdb");

    CommandRun converted =
        CommandRun.in(
            directory,
            "rdb",
            "convert",
            file.toAbsolutePath().toString(),
            "--target",
            "redis-7.0",
            "--to",
            dump.toString(),
            "--force",
            "--lossy",
            "--json");

    assertThat(converted.status()).as("%s", converted).isIn(0, 3);
    boolean losesVectorSets = converted.results().contains("\"vector-sets\"");
    assertThat(losesVectorSets).isEqualTo(truth.toString().contains("vectorset"));
    Map<String, String> expected = WireTruth.of(truth);
    expected.values().removeIf(value -> value.contains(" vectorset "));
    try (RespConnection client = server.connect()) {
      Map<String, String> found = WireTruth.ofReloaded(client, truth);
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      found.forEach((key, value) -> assertThat(value).as(key).isEqualTo(expected.get(key)));
      assertThat(ServerContents.functions(client)).hasSize(truth.path("functions").size());
    }
  }

  static Stream<LargeCollections> largeCollections() {
    return LargeCollections.all().stream();
  }

  @ParameterizedTest
  @MethodSource("largeCollections")
  void soItDoesWithLargeCollections(LargeCollections large) throws IOException {
    Path dump = server.directory().resolve("dump.rdb");
    large.convert(directory, "redis-7.0", dump);
    JsonNode digest =
        CommandRun.in(directory, "rdb", "digest", dump.toString(), "--redis", "--json").json();

    try (RespConnection client = server.connect()) {
      assertThat(client.call("DEBUG", "RELOAD", "NOSAVE").asText()).isEqualTo("OK");
      assertThat(client.call("DBSIZE").asLong()).isEqualTo(LargeCollections.KEYS);
      assertThat(client.call("DEBUG", "DIGEST").asText())
          .isEqualTo(digest.get("redis").get("redis_7_0").asText());
      client.call("FLUSHALL");
    }
  }

  /// The server's own matching of patterns, against that of filters.
  @Test
  void filtersMatchAsKeysDoes() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (RespConnection client = server.connect()) {
      client.call("SELECT", "15");
      for (int i = 0; i < 500; i++) {
        // The empty key is left out: the server finds it with * and not with **.
        client.call("SET", "a" + text(random, "ab-]^\\*?", 5), "");
      }
      List<String> keys = keys(client, "*");
      for (int i = 0; i < 3_000; i++) {
        String pattern = text(random, "ab-[]^\\*?", 8);
        KeyGlob glob = KeyGlob.of(pattern);
        assertThat(keys.stream().filter(key -> glob.matches(key.getBytes(StandardCharsets.UTF_8))))
            .as("seed %d, pattern %s", seed, pattern)
            .containsExactlyInAnyOrderElementsOf(keys(client, pattern));
      }
      client.call("FLUSHDB");
    }
  }

  private static List<String> keys(RespConnection client, String pattern) throws IOException {
    List<String> keys = new ArrayList<>();
    for (RespReply key : ((RespReply.ArrayReply) client.call("KEYS", pattern)).items()) {
      keys.add(key.asText());
    }
    return keys;
  }

  private static String text(Random random, String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
