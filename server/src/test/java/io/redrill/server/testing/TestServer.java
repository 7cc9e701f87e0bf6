package io.redrill.server.testing;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.server.RedisServer;
import io.redrill.server.config.ConfigFile;
import io.redrill.server.log.ServerLog;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// The bundled server in this process, on a free port, with its files in a directory of the test's.
public final class TestServer implements Closeable {

  private final RedisServer server;
  private final ByteArrayOutputStream log;

  private TestServer(RedisServer server, ByteArrayOutputStream log) {
    this.server = server;
    this.log = log;
  }

  /// Starts a server without save points; `directives` are added as on a command line.
  public static TestServer start(Path directory, String... directives) throws IOException {
    Files.createDirectories(directory);
    List<String> arguments =
        new ArrayList<>(
            List.of("--port", "0", "--dir", directory.toString(), "--save", "", "--loglevel"));
    arguments.add("verbose");
    arguments.addAll(List.of(directives));
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    InstantSource time = InstantSource.system();
    ServerLog lines =
        new ServerLog(
            new PrintStream(log, true, StandardCharsets.UTF_8),
            time,
            ZoneOffset.UTC,
            ServerLog.Level.DEBUG);
    return new TestServer(
        RedisServer.start(ConfigFile.read(arguments), time, new SecureRandom(), lines), log);
  }

  /// Where it listens.
  public int port() {
    return server.port();
  }

  /// A new connection; the caller closes it.
  public RespConnection connect() throws IOException {
    return RespConnection.connect("127.0.0.1", server.port());
  }

  /// Runs one command on a connection of its own, and gives its reply as text.
  public String run(String... command) throws IOException {
    try (RespConnection connection = connect()) {
      RespReply reply = connection.call(command);
      return reply instanceof RespReply.IntegerReply(long value)
          ? Long.toString(value)
          : reply.asText();
    }
  }

  /// A field of `INFO`.
  public String info(String field) throws IOException {
    return run("INFO", "everything")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /// What it has logged.
  public String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
