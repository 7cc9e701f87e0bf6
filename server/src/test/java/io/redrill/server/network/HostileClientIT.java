package io.redrill.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.server.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of connections that announce much and send nothing, against a server whose heap is
/// small: it goes on answering, and none of them is lost.
final class HostileClientIT {

  private static final int CONNECTIONS = 9_000;

  @TempDir Path directory;

  @Test
  void announcedLengthsTakeNoMemory() throws Exception {
    long files = openFileLimit();
    assumeThat(files).as("open files allowed").isGreaterThan(CONNECTIONS + 1_000L);
    List<SocketChannel> clients = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(directory.resolve("server"));
        RespConnection bystander = server.connect()) {
      ByteBuffer claim =
          ByteBuffer.wrap("*3\r\n$3\r\nSET\r\n$536870912\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < CONNECTIONS; i++) {
        SocketChannel client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        clients.add(client);
        client.write(claim.duplicate());
      }
      String all = "connected_clients:" + (CONNECTIONS + 1);
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> bystander.call("INFO", "clients").asText().contains(all));
      assertThat(bystander.call("SET", "key", "value")).isEqualTo(new RespReply.SimpleString("OK"));
      assertThat(bystander.call("INFO", "clients").asText()).contains(all);
      assertThat(server.log()).doesNotContain("OutOfMemory");
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  private static long openFileLimit() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -n").start();
    String limit =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    process.waitFor();
    return limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit);
  }
}
