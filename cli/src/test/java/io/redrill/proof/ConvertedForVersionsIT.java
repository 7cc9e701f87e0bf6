package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.MountableFile;

/// Files converted for each target, loaded by a server of that release: it answers what the server
/// that wrote the file answered. Needs Docker, and is skipped where there is none.
@Testcontainers(disabledWithoutDocker = true)
class ConvertedForVersionsIT {

  private static final Path CHOICE =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");
  private static final int PORT = 6379;
  private static final int DATABASES = 1024;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "redis-6.2, redis:6.2",
    "redis-7.0, redis:7.0",
    "redis-7.2, redis:7.2",
    "redis-7.4, redis:7.4",
    "redis-8.0, redis:8.0",
    "valkey-8, valkey/valkey:8.0",
    "valkey-9, valkey/valkey:9.0"
  })
  void aServerOfTheTargetLoadsThem(String target, String image) throws Exception {
    for (String server : new String[] {"redis-7.2.6", "valkey-9.1.2"}) {
      Path source = CHOICE.resolve(server).resolve("rdb/everything-plain-text.rdb");
      JsonNode truth = WireTruth.read(source);
      Path dump = directory.resolve(target + "-" + server + ".rdb");
      CommandRun converted =
          CommandRun.in(
              directory,
              "rdb",
              "convert",
              source.toAbsolutePath().toString(),
              "--target",
              target,
              "--to",
              dump.toString(),
              "--lossy");
      assertThat(converted.status()).as("%s", converted).isIn(0, 3);

      try (GenericContainer<?> container =
          new GenericContainer<>(image)
              .withExposedPorts(PORT)
              .withCopyFileToContainer(MountableFile.forHostPath(dump), "/data/dump.rdb")
              .withCommand(
                  image.startsWith("valkey") ? "valkey-server" : "redis-server",
                  "--databases",
                  String.valueOf(DATABASES))) {
        container.start();
        Map<String, String> expected = WireTruth.of(truth);
        try (RespConnection client =
            RespConnection.connect(
                ServerEndpoint.of(container.getHost(), container.getMappedPort(PORT)))) {
          Map<String, String> found = WireTruth.of(client, 16);
          assertThat(found.keySet()).isEqualTo(expected.keySet());
          found.forEach((key, value) -> assertThat(value).as(key).isEqualTo(expected.get(key)));
        }
      }
    }
  }
}
