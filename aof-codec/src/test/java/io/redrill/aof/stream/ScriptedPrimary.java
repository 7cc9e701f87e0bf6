package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.redrill.aof.resp.RespReader;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.rdb.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A primary that answers each command as it is told, on a loopback port, and writes down what it
/// was asked. After the answer to `PSYNC` it only listens.
final class ScriptedPrimary implements Closeable {

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Function<String, byte[]> answers;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /// `answers` gives the bytes to send for a command in one line; none hang up.
  ScriptedPrimary(Function<String, byte[]> answers) throws IOException {
    this.answers = answers;
    Thread.ofVirtual().start(this::serve);
  }

  /// Answers as a friendly primary, and `PSYNC` with `stream`.
  static ScriptedPrimary sending(byte[] stream) throws IOException {
    return new ScriptedPrimary(command -> {
      if (command.startsWith("PSYNC")) {
        return stream;
      }
      return (command.equals("PING") ? "+PONG\r\n" : "+OK\r\n").getBytes(ISO_8859_1);
    });
  }

  private void serve() {
    try (Socket socket = listener.accept();
        ByteInput in = new ByteInput(socket.getInputStream(), "replica")) {
      RespReader reader = new RespReader(in);
      OutputStream out = socket.getOutputStream();
      for (Optional<List<byte[]>> command = reader.readCommand();
          command.isPresent();
          command = reader.readCommand()) {
        String line =
            String.join(
                " ", command.get().stream().map(arg -> new String(arg, ISO_8859_1)).toList());
        heard.add(line);
        if (!line.startsWith("REPLCONF ACK")) {
          byte[] answer = answers.apply(line);
          if (answer.length == 0) {
            return;
          }
          out.write(answer);
        }
      }
    } catch (IOException hungUp) {
      heard.add("hung up");
    }
  }

  ServerEndpoint endpoint() {
    return ServerEndpoint.of("127.0.0.1", listener.getLocalPort())
        .with(Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  ReplicationOptions options() {
    return ReplicationOptions.of(endpoint());
  }

  /// What it was asked so far, a command per line.
  List<String> heard() {
    return heard;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
