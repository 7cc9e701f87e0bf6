package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.repository.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real redis-server with many keys of every type, backed up while it is written to, and restored
/// to every kind of target. What comes back is read key by key, and is the same.
class BusyRealServerIT {

  private static final int KEYS = 200_000;
  private static final int WRITES = 5_000;
  private static final long SEED = 20_261_127L;

  @TempDir private Path directory;

  @Test
  void everythingComesBackFromEveryTarget() throws Exception {
    RealRedis.assumeInstalled();
    try (RealRedis source = RealRedis.start(directory.resolve("source"));
        RespConnection client = source.connect()) {
      load(client);
      try (Archive archive = Archive.start(directory, source.endpoint())) {
        archive.awaitFollowing();
        Manifest quiet = archive.takeSnapshot();
        Contents before = Contents.of(client);
        assertThat(before.keys()).isGreaterThan(KEYS);
        assertThat(quiet.dataset().keys()).isEqualTo(before.keys());

        try (BusyWriter writer = BusyWriter.start(source.connect(), WriteMix.scripted(SEED))) {
          writer.awaitMore(WRITES);
          archive.renewSnapshot();
          writer.awaitMore(WRITES);
          writer.stop();
        }
        BusyWriter.awaitBriefGone(client);
        archive.awaitStored(client);

        RestoreProof proof = new RestoreProof(archive, directory);
        proof.fileHolds(new RecoveryRequest.AtSnapshot(quiet.id()), "snapshot", before);
        Contents after = Contents.of(client);
        assertThat(after.digest()).isNotEqualTo(before.digest());
        RecoveryRequest latest = new RecoveryRequest.Latest();
        // Where the log was replayed by the bundled server, all is as redis-server replays it.
        Contents replayed = proof.directoryHolds(latest, "latest", after);
        proof.fileHolds(latest, "latest", replayed);
        proof.bundledServerHolds(latest, "latest", replayed);
      }
    }
  }

  private static void load(RespConnection client) throws IOException {
    ServerContents.load(client, new VariedDataSet(KEYS, SEED)::commands);
    ServerContents.load(
        client,
        send -> {
          for (int i = 0; i < 50_000; i++) {
            send.accept(ServerContents.command("PFADD", "sketch:dense", "visitor " + i));
            send.accept(ServerContents.command("PFADD", "sketch:" + i % 500, "visitor " + i));
          }
          send.accept(ServerContents.command("FUNCTION", "LOAD", WriteMix.LIBRARY.formatted(1)));
        });
  }
}
