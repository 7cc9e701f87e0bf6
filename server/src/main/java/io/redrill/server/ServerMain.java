package io.redrill.server;

import io.redrill.server.config.ConfigException;
import io.redrill.server.config.ConfigFile;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.config.ServerVersion;
import io.redrill.server.log.ServerLog;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The server as a process: `ServerMain [redis.conf] [--directive value ...]`.
///
/// - `--port 0` takes any free port. A parent that starts the server as a child learns the port
///   from the file that `--redrill-port-file PATH` names: it appears, whole, once connections are
///   accepted.
/// - The log goes to standard output in Redis' line form, or to `logfile`.
/// - SIGTERM and SIGINT end it in order: the data is saved if there are save points, the
///   append-only log is made durable. If that fails, it goes on, as Redis does.
/// - Exit status: 0 after an orderly end, 1 if it could not start or had to give up.
public final class ServerMain {

  private ServerMain() {}

  /// Runs the server until it ends.
  public static void main(String[] arguments) {
    if (arguments.length == 1 && List.of("-v", "--version").contains(arguments[0])) {
      System.out.printf(
          "Redrill server v=%s (Redis %s compatible)%n",
          ServerVersion.REDRILL, ServerVersion.REDIS);
      return;
    }
    System.exit(run(List.of(arguments)));
  }

  /// Runs the server with the arguments of `redis-server` until it ends, and returns its exit
  /// status.
  public static int run(List<String> arguments) {
    ServerConfig config;
    try {
      config = ConfigFile.read(arguments);
    } catch (ConfigException e) {
      System.err.printf(
          "%n*** FATAL CONFIG FILE ERROR (Redis %s) ***%n%s%n",
          ServerVersion.REDIS, e.getMessage());
      return 1;
    } catch (IOException e) {
      System.err.printf("Fatal error, can't open config file: %s%n", e.getMessage());
      return 1;
    }
    Clock clock = Clock.systemUTC();
    ServerLog log;
    try {
      log = log(config, clock);
    } catch (IOException e) {
      System.err.printf("Can't open the log file: %s%n", e.getMessage());
      return 1;
    }
    return run(config, clock, log);
  }

  private static int run(ServerConfig config, Clock clock, ServerLog log) {
    log.notice(
        "Redrill server %s, Redis %s compatible, Port: %s, PID: %d"
            .formatted(
                ServerVersion.REDRILL,
                ServerVersion.REDIS,
                config.text(Directive.PORT),
                ProcessHandle.current().pid()));
    if (!config.ignored().isEmpty()) {
      log.notice("Directives without effect here: " + String.join(", ", config.ignored()));
    }
    RedisServer server;
    try {
      server = RedisServer.start(config, clock, RandomGenerator.of("SecureRandom"), log);
      tellPort(config, server.port());
    } catch (IOException e) {
      log.warning(String.valueOf(e.getMessage()));
      return 1;
    }
    Signals.handle("TERM", signal -> endOn(signal, server, log));
    Signals.handle("INT", signal -> endOn(signal, server, log));
    return switch (server.awaitEnd()) {
      case SHUT_DOWN -> 0;
      case LOG_FAILED -> 1;
    };
  }

  private static void endOn(String signal, RedisServer server, ServerLog log) {
    log.warning("Received SIG%s scheduling shutdown...".formatted(signal));
    try {
      server.shutDown();
    } catch (IOException e) {
      log.warning("Errors trying to shut down the server. Check the logs for more information.");
    }
  }

  private static ServerLog log(ServerConfig config, Clock clock) throws IOException {
    String file = config.text(Directive.LOGFILE);
    OutputStream out =
        file.isEmpty()
            ? System.out
            : new FileOutputStream(config.dir().resolve(file).toFile(), true);
    String level = config.text(Directive.LOGLEVEL).toUpperCase(Locale.ROOT);
    return new ServerLog(
        new PrintStream(out, false, StandardCharsets.UTF_8),
        clock,
        ZoneId.systemDefault(),
        ServerLog.Level.valueOf(level));
  }

  private static void tellPort(ServerConfig config, int port) throws IOException {
    String name = config.text(Directive.REDRILL_PORT_FILE);
    if (name.isEmpty()) {
      return;
    }
    Path file = Path.of(name);
    Path temporary = Path.of(name + ".tmp");
    Files.writeString(temporary, Integer.toString(port));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
