package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What real servers wrote, the server loads and writes back: every key of every type, also of
/// types that it has no commands for.
class CorpusRoundTripIT {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");
  private static final String NONE = "none";

  @TempDir private Path dir;

  static Stream<String> files() throws IOException {
    if (!Files.isDirectory(CORPUS)) {
      return Stream.of(NONE);
    }
    try (Stream<Path> all = Files.walk(CORPUS)) {
      List<String> files =
          all.map(CORPUS::relativize)
              .map(Path::toString)
              .filter(name -> name.matches("(redis|keydb|valkey)-[^/]+/rdb/[^/]+\\.rdb"))
              .sorted()
              .toList();
      return files.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void savesWhatItLoaded(String file) throws IOException {
    assumeTrue(!file.equals(NONE), "the corpus is not beside the project");
    Path original = CORPUS.resolve(file);
    Path dump = dir.resolve("dump.rdb");
    Files.copy(original, dump);

    try (TestServer server =
        TestServer.start(dir, "--redrill-keep-expired", "yes", "--databases", "4096")) {
      Files.delete(dump);
      assertThat(server.run("SAVE")).isEqualTo("OK");
    }

    RdbContents before = RdbContents.of(original);
    RdbContents after = RdbContents.of(dump);
    assertThat(after.keys()).isEqualTo(before.keys());
    assertThat(after.others()).isEqualTo(before.others());
    assertThat(after.version()).isLessThanOrEqualTo(Math.max(10, before.version()));
  }
}
