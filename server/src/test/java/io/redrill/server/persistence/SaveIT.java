package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `SAVE` while another snapshot runs. The commands of each test leave in one write, so that the
/// second is run before the snapshot that the first began can have ended.
class SaveIT {

  private static final int KEYS = 5_000;

  @TempDir private Path dir;

  @Test
  void savesWhileTheLogIsRewritten() throws IOException {
    try (TestServer server = TestServer.start(dir, "--appendonly", "yes");
        RespConnection client = server.connect()) {
      fill(client);
      List<RespReply> replies =
          together(
              client,
              new String[] {"BGREWRITEAOF"},
              new String[] {"SET", "key:7", "changed"},
              new String[] {"SAVE"},
              new String[] {"SET", "after", "the save"});
      assertThat(replies.get(0).asText()).contains("rewriting started");
      assertThat(replies.get(2).asText()).isEqualTo("OK");

      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> server.info("aof_rewrite_in_progress").equals("0"));
      assertThat(server.info("aof_last_bgrewrite_status")).isEqualTo("ok");
      assertThat(RdbContents.of(dir.resolve("dump.rdb")).keys()).hasSize(KEYS);
    }
    try (TestServer server = TestServer.start(dir, "--appendonly", "yes")) {
      assertThat(server.run("DBSIZE")).isEqualTo(Integer.toString(KEYS + 1));
      assertThat(server.run("GET", "key:7")).isEqualTo("changed");
      assertThat(server.run("GET", "after")).isEqualTo("the save");
    }
  }

  @Test
  void isRefusedWhileABackgroundSaveRuns() throws IOException {
    try (TestServer server = TestServer.start(dir);
        RespConnection client = server.connect()) {
      fill(client);
      List<RespReply> replies = together(client, new String[] {"BGSAVE"}, new String[] {"SAVE"});
      assertThat(replies.get(1))
          .isEqualTo(new RespReply.ErrorReply("ERR Background save already in progress"));
    }
  }

  @Test
  void leavesNoHalfAFileWhenTheServerEndsMeanwhile() throws IOException {
    try (TestServer server = TestServer.start(dir);
        RespConnection client = server.connect()) {
      fill(client);
      client.call("BGSAVE");
    }
    assertThat(dir).isDirectoryNotContaining("glob:**temp-*");
  }

  private static void fill(RespConnection client) throws IOException {
    for (int i = 0; i < KEYS; i++) {
      client.send("SET", "key:" + i, "value");
    }
    client.flush();
    for (int i = 0; i < KEYS; i++) {
      client.receive();
    }
  }

  private static List<RespReply> together(RespConnection client, String[]... commands)
      throws IOException {
    for (String[] command : commands) {
      client.send(command);
    }
    client.flush();
    List<RespReply> replies = new ArrayList<>();
    for (int i = 0; i < commands.length; i++) {
      replies.add(client.receive());
    }
    return replies;
  }
}
