package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Testcontainers;

/// A snapshot of each supported release of Redis and Valkey, restored into an empty server of the
/// same release, key by key the same. Needs Docker, and is skipped where there is none.
@Testcontainers(disabledWithoutDocker = true)
class ServerVersionsIT {

  private static final SourceName SOURCE = SourceName.of("versions");
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
        GenericContainer<?> target = new GenericContainer<>(image).withExposedPorts(PORT);
        FilesystemStore store = FilesystemStore.open(directory.resolve("repository"))) {
      source.start();
      target.start();
      ServerEndpoint from = endpoint(source);
      ServerEndpoint to = endpoint(target);
      try (RespConnection connection = RespConnection.connect(from)) {
        ServerContents.load(connection, new VariedDataSet(2_000, 42)::commands);
      }
      Repository repository = Repository.init(store, Clock.systemUTC(), new SecureRandom());
      Manifest manifest =
          new SnapshotTaker(repository, PartOptions.DEFAULT, Clock.systemUTC(), new SecureRandom())
              .take(SOURCE, new PsyncSource(from, Clock.systemUTC()));
      RestoreReport report =
          new Restore(
                  repository,
                  (data, rdb) -> {
                    throw new IllegalStateException("a snapshot alone needs no replay");
                  },
                  Clock.systemUTC(),
                  new SecureRandom())
              .restore(
                  new RecoveryPlanner(repository, SOURCE)
                      .plan(new RecoveryRequest.AtSnapshot(manifest.id())),
                  new RestoreTarget.LiveServer(to, false, directory));
      assertThat(report.isComplete()).isTrue();
      try (RespConnection expected = RespConnection.connect(from);
          RespConnection found = RespConnection.connect(to)) {
        assertThat(ServerContents.values(found, 4)).isEqualTo(ServerContents.values(expected, 4));
      }
    }
  }

  private static ServerEndpoint endpoint(GenericContainer<?> container) {
    return ServerEndpoint.of(container.getHost(), container.getMappedPort(PORT));
  }
}
