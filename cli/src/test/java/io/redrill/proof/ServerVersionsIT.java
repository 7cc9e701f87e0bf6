package io.redrill.proof;

import io.redrill.aof.resp.ServerEndpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Testcontainers;

/// A snapshot of each supported release of Redis and Valkey, restored into an empty server of the
/// same release, key by key the same. Needs Docker, and is skipped where there is none.
@Testcontainers(disabledWithoutDocker = true)
class ServerVersionsIT {

  private static final int PORT = 6379;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis:6.2",
        "redis:7.0",
        "redis:7.2",
        "redis:7.4",
        "redis:8.0",
        "valkey/valkey:7.2",
        "valkey/valkey:8.0",
        "valkey/valkey:9.0"
      })
  void aSnapshotComesBackInTheSameRelease(String image) throws Exception {
    try (GenericContainer<?> source = new GenericContainer<>(image).withExposedPorts(PORT);
        GenericContainer<?> target = new GenericContainer<>(image).withExposedPorts(PORT)) {
      source.start();
      target.start();
      SnapshotRoundTrip.prove(endpoint(source), endpoint(target), directory);
    }
  }

  private static ServerEndpoint endpoint(GenericContainer<?> container) {
    return ServerEndpoint.of(container.getHost(), container.getMappedPort(PORT));
  }
}
