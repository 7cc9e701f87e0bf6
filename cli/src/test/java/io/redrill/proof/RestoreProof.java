package io.redrill.proof;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Restores to each kind of target, and reads what a server then holds.
///
/// @param archive from which it restores
/// @param directory below which the targets are, by the name of the recovery point
record RestoreProof(Archive archive, Path directory) {

  /// Restores to an RDB file, which a fresh redis-server loads.
  void fileHolds(RecoveryRequest request, String name, Contents expected) throws IOException {
    Path restored = Files.createDirectories(directory.resolve(name + "-file"));
    archive.restore(request, new RestoreTarget.RdbFile(restored.resolve("dump.rdb")));
    try (RealRedis server = RealRedis.start(restored);
        RespConnection client = server.connect()) {
      expected.assertHeldBy(client, "the RDB file of " + name);
    }
  }

  /// Restores to a data directory, from which a fresh redis-server starts: it replays the log.
  ///
  /// @return what it then holds
  Contents directoryHolds(RecoveryRequest request, String name, Contents expected)
      throws IOException {
    Path restored = directory.resolve(name + "-data");
    archive.restore(request, new RestoreTarget.DataDirectory(restored));
    try (RealRedis server = RealRedis.start(restored, "--appendonly", "yes");
        RespConnection client = server.connect()) {
      return expected.assertReplayedBy(client, "the data directory of " + name);
    }
  }

  /// Restores into a running, empty bundled server.
  void bundledServerHolds(RecoveryRequest request, String name, Contents expected)
      throws IOException {
    try (TestServer server =
            TestServer.start(
                directory.resolve(name + "-bundled"), "--enable-debug-command", "yes");
        RespConnection client = server.connect()) {
      archive.restore(
          request,
          new RestoreTarget.LiveServer(
              ServerEndpoint.of("127.0.0.1", server.port()), false, directory.resolve("work")));
      expected.assertHeldBy(client, "the bundled server, of " + name);
    }
  }
}
