package io.redrill.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.ReplicationStream;
import io.redrill.aof.stream.SyncResult;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our own replica side follows our own primary side: the snapshot, then every effect in its
/// database, and after a break exactly what was missed.
class OwnStreamIT {

  @TempDir private Path dir;

  @Test
  void followsAndResumes() throws IOException {
    try (TestServer server = TestServer.start(dir)) {
      server.run("SET", "before", "1");
      String id;
      long offset;
      try (ReplicationStream stream = connect(server)) {
        SyncResult.FullSync sync = stream.sync();
        id = sync.replicationId();
        assertThat(id).isEqualTo(server.info("master_replid"));
        RdbReader snapshot = new RdbReader(sync.snapshot().input());
        List<String> keys = new ArrayList<>();
        for (RdbRecord record = snapshot.next();
            !(record instanceof RdbRecord.End);
            record = snapshot.next()) {
          if (record instanceof RdbRecord.Entry entry) {
            keys.add(new String(entry.key(), StandardCharsets.UTF_8));
          }
        }
        sync.snapshot().finish();
        assertThat(keys).containsExactly("before");

        server.run("SET", "after", "1", "EX", "1000");
        AofReader log = new AofReader(stream.commands());
        assertThat(nextWrite(log)).startsWith("0 SET after 1 PXAT ");
        offset = stream.commands().offset();
        assertThat(offset).isEqualTo(Long.parseLong(server.info("master_repl_offset")));
        stream.acknowledge(offset);
        long acknowledged = offset;
        Awaitility.await()
            .until(() -> server.info("slave0").contains("offset=%d,".formatted(acknowledged)));
        assertThat(server.run("WAIT", "1", "1000")).isEqualTo("1");
      }
      server.run("SET", "missed", "1");
      try (ReplicationStream stream = connect(server)) {
        assertThat(stream.resume(id, offset)).isEqualTo(new SyncResult.Continued(id, offset));
        assertThat(nextWrite(new AofReader(stream.commands()))).isEqualTo("0 SET missed 1");
      }
      assertThat(server.info("sync_partial_ok")).isEqualTo("1");
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("temp-"))).isEmpty();
    }
  }

  private static ReplicationStream connect(TestServer server) throws IOException {
    return ReplicationStream.connect(
        ReplicationOptions.of(ServerEndpoint.of("127.0.0.1", server.port())));
  }

  /// The next command that changes data, after its database.
  private static String nextWrite(AofReader log) throws IOException {
    while (true) {
      if (log.next() instanceof AofRecord.Command command
          && !command.is("SELECT")
          && !command.is("PING")
          && !command.is("REPLCONF")) {
        List<String> words =
            command.args().stream().map(arg -> new String(arg, StandardCharsets.UTF_8)).toList();
        return command.db() + " " + String.join(" ", words);
      }
    }
  }
}
