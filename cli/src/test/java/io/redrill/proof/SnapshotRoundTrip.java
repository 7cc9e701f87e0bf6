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
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/// A server is filled, and a snapshot of it is restored into an empty one.
final class SnapshotRoundTrip {

  private static final SourceName SOURCE = SourceName.of("versions");

  private SnapshotRoundTrip() {}

  /// Proves that `to` then holds key by key what `from` does, of which it is empty before; what is
  /// stored goes below `directory`.
  static void prove(ServerEndpoint from, ServerEndpoint to, Path directory) throws IOException {
    try (FilesystemStore store = FilesystemStore.open(directory.resolve("repository"))) {
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
}
