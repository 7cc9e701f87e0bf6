package io.redrill.cli.composition;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.server.RedisServer;
import io.redrill.server.config.ConfigFile;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.log.ServerLog;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.List;

/// The bundled server inside this process, with its files in one directory.
public final class BundledServer implements Closeable {

  private final RedisServer server;
  private final Path directory;
  private final PrintStream log;

  private BundledServer(RedisServer server, Path directory, PrintStream log) {
    this.server = server;
    this.directory = directory;
    this.log = log;
  }

  /// Starts a server on 127.0.0.1 whose append-only log is made durable every second; its own log
  /// goes to `server.log` in `directory`, which is created. Port 0 is any free one.
  ///
  /// @throws RedrillException if the port is taken, the directory cannot be written, or the files
  ///   in it cannot be loaded
  public static BundledServer start(Path directory, int port, CommandContext context) {
    PrintStream log = log(directory);
    try {
      ServerConfig config =
          ConfigFile.read(
              List.of(
                  "--port", String.valueOf(port),
                  "--bind", "127.0.0.1",
                  "--dir", directory.toString(),
                  "--appendonly", "yes",
                  "--save", ""));
      RedisServer server =
          RedisServer.start(
              config,
              context.clock(),
              new SecureRandom(),
              new ServerLog(log, context.clock(), ZoneId.systemDefault(), ServerLog.Level.NOTICE));
      return new BundledServer(server, directory, log);
    } catch (BindException e) {
      log.close();
      throw RedrillException.causedBy(e, ErrorCode.SERVER_PORT_TAKEN, "port", port);
    } catch (IOException e) {
      log.close();
      throw RedrillException.causedBy(
          e, ErrorCode.SERVER_NOT_STARTED, "directory", directory, "problem", Failures.words(e));
    }
  }

  private static PrintStream log(Path directory) {
    try {
      Files.createDirectories(directory);
      return new PrintStream(
          Files.newOutputStream(
              directory.resolve("server.log"),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND),
          true,
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.SERVER_NOT_STARTED, "directory", directory, "problem", Failures.words(e));
    }
  }

  /// The port it listens on.
  public int port() {
    return server.port();
  }

  /// Where its files are.
  public Path directory() {
    return directory;
  }

  /// Ends it in order: its log is made durable.
  @Override
  public void close() {
    server.close();
    log.close();
  }
}
