package io.redrill.proof;

import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespReader;
import io.redrill.aof.resp.RespReply;
import io.redrill.rdb.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/// A primary that begins to send its snapshot and then says no more: whoever copies it is in the
/// middle of a backup for as long as a test needs.
final class SilentPrimary implements Closeable {

  private final ServerSocket listener;
  private final AtomicBoolean begun = new AtomicBoolean();

  private SilentPrimary(ServerSocket listener) {
    this.listener = listener;
  }

  static SilentPrimary start() throws IOException {
    SilentPrimary primary =
        new SilentPrimary(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(primary::listen);
    return primary;
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Waits until somebody has the beginning of a snapshot.
  void awaitSnapshotBegun() {
    await().atMost(Duration.ofMinutes(2)).untilTrue(begun);
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> converse(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void converse(Socket client) {
    try (client;
        ByteInput in = new ByteInput(client.getInputStream(), "client")) {
      RespReader reader = new RespReader(in);
      OutputStream out = client.getOutputStream();
      while (true) {
        RespReply command = reader.readReply();
        out.write(answer(name(command)).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        if (name(command).endsWith("SYNC")) {
          begun.set(true);
        }
      }
    } catch (IOException hungUp) {
      // The end of the conversation.
    }
  }

  private static String name(RespReply command) throws IOException {
    return command instanceof RespReply.ArrayReply array
        ? array.items().getFirst().asText().toUpperCase(Locale.ROOT)
        : "";
  }

  private static String answer(String command) {
    return switch (command) {
      case "PING" -> "+PONG\r\n";
      case "INFO" -> "$20\r\nredis_version:7.0.15\r\n";
      case "PSYNC" -> "+FULLRESYNC " + "a".repeat(40) + " 1\r\n$100000000\r\nREDIS0010";
      default -> "+OK\r\n";
    };
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
