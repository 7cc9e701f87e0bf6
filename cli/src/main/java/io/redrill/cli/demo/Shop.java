package io.redrill.cli.demo;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.verify.demo.DemoDataSet;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The shop whose data is at stake: the only client of the demonstration's server.
final class Shop implements Closeable {

  private static final int WINDOW = 500;
  private static final int EASY_STEP = 100;
  private static final Duration EASY_PAUSE = Duration.ofMillis(50);

  private final RespConnection connection;
  private final DemoDataSet data;
  private final Iterator<List<byte[]>> traffic;

  Shop(ServerEndpoint server, DemoDataSet data) throws IOException {
    this.connection = RespConnection.connect(server);
    this.data = data;
    this.traffic = data.traffic(data.seed() + 1).iterator();
  }

  /// Loads the whole data set.
  void open() throws IOException {
    int pending = 0;
    Iterator<List<byte[]>> commands = data.commands().iterator();
    while (commands.hasNext()) {
      connection.send(commands.next());
      if (++pending == WINDOW) {
        receive(pending);
        pending = 0;
      }
    }
    receive(pending);
  }

  /// Executes the next `count` commands of the shop's daily traffic.
  void trade(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      connection.send(traffic.next());
    }
    receive(count);
  }

  /// Goes on with the daily traffic at an easy pace, on a thread of its own, until the returned is
  /// closed. Nothing else may be asked of the shop meanwhile.
  Closeable tradeOn() {
    AtomicBoolean open = new AtomicBoolean(true);
    CompletableFuture<Void> trading =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (open.get()) {
                  trade(EASY_STEP);
                  Thread.sleep(EASY_PAUSE);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            Thread::startVirtualThread);
    return () -> {
      open.set(false);
      try {
        trading.join();
      } catch (CompletionException e) {
        throw new IOException("the shop could not trade on", e.getCause());
      }
    };
  }

  /// What somebody types who believes to be connected to another server.
  void flushAll() throws IOException {
    connection.call("FLUSHALL");
  }

  /// Has the server write its RDB file.
  void save() throws IOException {
    connection.call("SAVE");
  }

  /// How many bytes of log the server has written.
  long offset() throws IOException {
    for (String line : connection.call("INFO", "replication").asText().split("\r\n", -1)) {
      if (line.startsWith("master_repl_offset:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1));
      }
    }
    throw new IOException("the server does not tell its replication offset");
  }

  private void receive(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (connection.receive() instanceof RespReply.ErrorReply(String text)) {
        throw new IOException("the server refused a command: " + text);
      }
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
