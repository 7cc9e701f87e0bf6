package io.redrill.server.testing;

import io.redrill.aof.resp.RespConnection;
import io.redrill.server.ServerMain;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The bundled server as a child process that can be killed.
public final class ServerProcess implements Closeable {

  private final Process process;
  private final Path directory;
  private final int port;

  private ServerProcess(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /// Starts a server without save points; `directives` are added to its command line.
  ///
  /// @throws IOException if it does not start, with its log
  public static ServerProcess start(Path directory, String... directives) throws IOException {
    Files.createDirectories(directory);
    Path portFile = directory.resolve("port");
    Files.deleteIfExists(portFile);
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("--port", "0", "--redrill-port-file", portFile.toString()));
    command.addAll(List.of("--dir", directory.toString(), "--save", ""));
    command.addAll(List.of(directives));
    Process process = launch(directory, command);
    try {
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> Files.exists(portFile) || !process.isAlive());
    } finally {
      if (!Files.exists(portFile)) {
        process.destroyForcibly();
      }
    }
    if (!Files.exists(portFile)) {
      throw new IOException("the server did not start:\n" + log(directory));
    }
    return new ServerProcess(process, directory, Integer.parseInt(Files.readString(portFile)));
  }

  /// Runs a server that is expected to refuse to start, and gives its exit status.
  public static int runToEnd(Path directory, String... directives)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("--port", "0", "--dir", directory.toString(), "--save", ""));
    command.addAll(List.of(directives));
    Process process = launch(directory, command);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the server did start:\n" + log(directory));
    }
    return process.exitValue();
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseCompactObjectHeaders",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        ServerMain.class.getName());
  }

  private static Process launch(Path directory, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("server.log").toFile()))
        .start();
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  /// A new connection; the caller closes it.
  public RespConnection connect() throws IOException {
    return RespConnection.connect("127.0.0.1", port);
  }

  /// What servers have logged in `directory`.
  public static String log(Path directory) throws IOException {
    return Files.readString(directory.resolve("server.log"));
  }

  /// What it has logged.
  public String log() throws IOException {
    return log(directory);
  }

  /// Ends it at once, as `kill -9` does.
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /// Ends it by SIGTERM, and gives its exit status.
  public int terminate() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
