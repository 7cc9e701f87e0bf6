package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.Manifest;
import io.redrill.server.testing.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The bundled server with many keys of every type, backed up in both ways while it is written to.
/// A real redis-server loads what was restored, and holds the same, key by key.
class BusyBundledServerIT {

  private static final int KEYS = 200_000;
  private static final int WRITES = 5_000;
  private static final long SEED = 20_261_128L;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(CaptureMode.class)
  void everythingComesBackInRedis(CaptureMode capture) throws Exception {
    RealRedis.assumeInstalled();
    try (TestServer source =
            TestServer.start(
                directory.resolve("source"),
                "--appendonly",
                "yes",
                "--enable-debug-command",
                "yes");
        RespConnection client = source.connect()) {
      ServerContents.load(client, new VariedDataSet(KEYS, SEED)::commands);
      client.call("FUNCTION", "LOAD", WriteMix.LIBRARY.formatted(1));
      ServerEndpoint endpoint = ServerEndpoint.of("127.0.0.1", source.port());
      try (Archive archive = Archive.start(directory, endpoint, capture)) {
        archive.awaitFollowing();
        Manifest quiet = archive.takeSnapshot();
        Contents before = Contents.of(client);
        assertThat(before.keys()).isGreaterThan(KEYS);
        assertThat(quiet.dataset().keys()).isEqualTo(before.keys());

        try (BusyWriter writer = BusyWriter.start(source.connect(), WriteMix.plain(SEED))) {
          writer.awaitMore(WRITES);
          archive.renewSnapshot();
          writer.awaitMore(WRITES);
          writer.stop();
        }
        BusyWriter.awaitBriefGone(client);
        switch (capture) {
          case PSYNC -> archive.awaitStored(client);
          case DATA_DIR -> archive.awaitStoredFile(client);
        }

        RestoreProof proof = new RestoreProof(archive, directory);
        proof.fileHolds(new RecoveryRequest.AtSnapshot(quiet.id()), "snapshot", before);
        Contents after = Contents.of(client);
        assertThat(after.digest()).isNotEqualTo(before.digest());
        RecoveryRequest latest = new RecoveryRequest.Latest();
        // Where the log was replayed by the bundled server, all is as redis-server replays it.
        Contents replayed = proof.directoryHolds(latest, "latest", after);
        proof.fileHolds(latest, "latest", replayed);
      }
    }
  }
}
