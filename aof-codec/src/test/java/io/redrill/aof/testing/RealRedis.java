package io.redrill.aof.testing;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/// A real `redis-server`, or one of its peers, as a child of the test, on a free loopback port, in
/// a directory of the test's. Ended by its own process handle.
public final class RealRedis implements Closeable {

  private final Process process;
  private final Path directory;
  private final int port;

  private RealRedis(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /// Whether `redis-server` is on the path.
  public static boolean isInstalled() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, "redis-server"))) {
        return true;
      }
    }
    return false;
  }

  /// Skips the calling test, with the reason, where `redis-server` is not installed.
  public static void assumeInstalled() {
    Assumptions.assumeTrue(isInstalled(), "redis-server is not installed");
  }

  /// Starts a server that keeps its files in `directory`; `directives` are added to the command
  /// line (`--appendonly`, `yes`). Returns when it answers and has loaded its data.
  ///
  /// @throws IOException if it ended, with the end of its log
  public static RealRedis start(Path directory, String... directives) throws IOException {
    return start(
        "redis-server", List.of("--enable-debug-command", "yes"), directory, List.of(directives));
  }

  /// As above, of another release.
  public static RealRedis start(Peer peer, Path directory, String... directives)
      throws IOException {
    return start(
        peer.program().toAbsolutePath().toString(),
        // Before 7.0 it is always enabled.
        peer.version().startsWith("6.") ? List.of() : List.of("--enable-debug-command", "yes"),
        directory,
        List.of(directives));
  }

  private static RealRedis start(
      String program, List<String> debug, Path directory, List<String> directives)
      throws IOException {
    Files.createDirectories(directory);
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            program,
            "--port",
            String.valueOf(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            directory.toString(),
            "--save",
            ""));
    command.addAll(debug);
    command.addAll(directives);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start();
    RealRedis server = new RealRedis(process, directory, port);
    try {
      Awaitility.await().atMost(60, TimeUnit.SECONDS).until(server::isReady);
    } catch (RuntimeException notReady) {
      server.close();
      throw new IOException(program + " did not start:\n" + server.log(), notReady);
    }
    return server;
  }

  /// Skips the calling test, with the reason, where this is no Redis of `release`, such as `7.0`.
  public void assumeRelease(String release) throws IOException {
    try (RespConnection connection = connect()) {
      Assumptions.assumeTrue(
          connection.call("INFO", "server").asText().contains("redis_version:" + release + "."),
          "redis-server is not of version " + release);
    }
  }

  /// A port of the loopback interface that was free a moment ago.
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the server ended with status " + process.exitValue());
    }
    try (RespConnection connection = connect()) {
      connection.call("PING");
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Whether it has not ended.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  /// Where it listens, as an endpoint without credentials.
  public ServerEndpoint endpoint() {
    return ServerEndpoint.of("127.0.0.1", port);
  }

  /// Where its files are.
  public Path directory() {
    return directory;
  }

  /// A new connection; the caller closes it.
  public RespConnection connect() throws IOException {
    return RespConnection.connect("127.0.0.1", port);
  }

  /// What it printed so far.
  public String log() {
    try {
      return Files.readString(directory.resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends it at once, as `kill -9` does.
  public void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /// Ends it in order, without a save.
  @Override
  public void close() {
    process.destroy();
    if (!waitForEnd()) {
      kill();
    }
  }

  private boolean waitForEnd() {
    try {
      return process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
