package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A Redis 7.0 starts with the files of which `rdb compat` says that it does, and ends at the
/// others.
class CompatVerdictIT {

  private static final Path CHOICE =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");

  @TempDir private static Path directory;

  @BeforeAll
  static void expectRedis7() throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis server = RealRedis.start(directory.resolve("version"))) {
      server.assumeRelease("7.0");
    }
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(CHOICE)) {
      return paths
          .filter(path -> path.toString().matches(".*-[0-9.]+/rdb/[^/]+\\.rdb"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theServerDoesAsWasSaid(Path file, @TempDir Path data) throws IOException {
    JsonNode said =
        CommandRun.in(data, "rdb", "compat", file.toAbsolutePath().toString(), "--json").json();
    String verdict =
        StreamSupport.stream(said.get("targets").spliterator(), false)
            .filter(target -> target.get("target").asText().equals("redis-7.0"))
            .map(target -> target.get("asItIs").asText())
            .findFirst()
            .orElseThrow();
    // What a module stored needs the module, which the report says apart.
    boolean isExpectedToLoad = !verdict.equals("refuses") && said.get("modules").isEmpty();
    Files.copy(file, data.resolve("dump.rdb"));

    assertThat(loads(data)).as("%s", said).isEqualTo(isExpectedToLoad);
  }

  private static boolean loads(Path data) throws IOException {
    try (RealRedis server = RealRedis.start(data, "--databases", "1024")) {
      return server.log().contains("DB loaded from disk");
    } catch (IOException ended) {
      assertThat(ended.getMessage()).containsPattern("RDB|Wrong signature trying to load DB");
      return false;
    }
  }
}
