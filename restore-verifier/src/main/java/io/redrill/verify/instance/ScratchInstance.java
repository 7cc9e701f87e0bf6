package io.redrill.verify.instance;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One throwaway server: a child process on a free loopback port, which has loaded the data
/// directory that it was given.
///
/// [#close()] ends the process, whatever state it and the calling thread are in; should this
/// process end first, a shutdown hook does, and should it be killed, the next [ScratchDirectory].
/// The data directory belongs to the caller.
public final class ScratchInstance implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ScratchInstance.class);

  private static final int PORT_ATTEMPTS = 5;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
  private static final int LOG_TAIL_BYTES = 4 * 1024;
  private static final int LOG_TAIL_LINES = 12;
  private static final Pattern PORT_TAKEN =
      Pattern.compile("(?i)address already in use|bind: address|port is taken");

  private final ScratchKind kind;
  private final Process process;
  private final ServerEndpoint endpoint;
  private final Path log;
  private final Thread shutdownHook;

  private ScratchInstance(ScratchKind kind, Process process, int port, Path log) {
    this.kind = kind;
    this.process = process;
    this.endpoint =
        ServerEndpoint.of("127.0.0.1", port).with(Duration.ofSeconds(5), Duration.ofMinutes(10));
    this.log = log;
    this.shutdownHook = new Thread(process::destroyForcibly, "end-scratch-instance");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /// Starts a server of `kind` on the data in `data`, and blocks until it has loaded it.
  ///
  /// @param home the directory that holds `data`, in which the server's log is written too
  /// @param data an append-only directory or a `dump.rdb`, or nothing, as Redis expects it
  /// @param databases how many databases the data needs
  /// @param timeout how long loading may take
  /// @param nanoTime the clock that the timeout goes by
  /// @throws RedrillException with [ErrorCode#SCRATCH_UNAVAILABLE] if there is no such program,
  ///   [ErrorCode#SCRATCH_DIED] if it ended before it had loaded, [ErrorCode#SCRATCH_TIMEOUT] if it
  ///   took too long, [ErrorCode#INTERRUPTED] if this thread was interrupted; nothing runs then
  public static ScratchInstance start(
      ScratchKind kind,
      ScratchDirectory home,
      Path data,
      int databases,
      Duration timeout,
      LongSupplier nanoTime) {
    for (int attempt = 1; ; attempt++) {
      ScratchInstance instance = launch(kind, home, data, databases);
      try {
        instance.awaitLoaded(timeout, nanoTime);
        return instance;
      } catch (RedrillException e) {
        instance.close();
        boolean portTaken =
            e.code() == ErrorCode.SCRATCH_DIED && PORT_TAKEN.matcher(instance.logTail()).find();
        if (!portTaken || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      } catch (RuntimeException | Error e) {
        instance.close();
        throw e;
      }
    }
  }

  private static ScratchInstance launch(
      ScratchKind kind, ScratchDirectory home, Path data, int databases) {
    Path log = home.path().resolve(data.getFileName() + ".log");
    try {
      int port = freePort();
      Process process =
          new ProcessBuilder(ScratchCommand.of(kind, data, port, databases))
              .directory(home.path().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      ScratchInstance instance = new ScratchInstance(kind, process, port, log);
      try {
        home.serverStarted(process.toHandle());
      } catch (IOException e) {
        instance.close();
        throw e;
      }
      return instance;
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e,
          ErrorCode.SCRATCH_UNAVAILABLE,
          "program",
          kind.words(),
          "problem",
          String.valueOf(e.getMessage()));
    }
  }

  /// A port that is free now. Another process may take it before the server does, hence the
  /// attempts above.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitLoaded(Duration timeout, LongSupplier nanoTime) {
    long start = nanoTime.getAsLong();
    long nextProgress = PROGRESS_EVERY.toNanos();
    try {
      while (!loaded()) {
        if (process.waitFor(POLL.toNanos(), TimeUnit.NANOSECONDS)) {
          throw failure(ErrorCode.SCRATCH_DIED, "status", process.exitValue());
        }
        long waited = nanoTime.getAsLong() - start;
        if (waited > timeout.toNanos()) {
          throw failure(ErrorCode.SCRATCH_TIMEOUT, "timeout", timeout);
        }
        if (waited > nextProgress) {
          nextProgress += PROGRESS_EVERY.toNanos();
          LOG.info(
              "scratch instance still loads after {} s", TimeUnit.NANOSECONDS.toSeconds(waited));
        }
      }
    } catch (InterruptedException e) {
      throw Failures.of(e);
    }
  }

  /// Whether the server answers, has loaded, and is the one that was started: on a port that
  /// somebody else took first, another server may answer.
  private boolean loaded() {
    try (RespConnection connection = connect()) {
      connection.call("PING");
      String server = connection.call("INFO", "server").asText();
      Optional<String> pid = infoField(server, "process_id");
      if (pid.isPresent() && !pid.get().equals(String.valueOf(process.pid()))) {
        return false;
      }
      return infoField(connection.call("INFO", "persistence").asText(), "loading")
          .map("0"::equals)
          .orElse(true);
    } catch (ConnectException e) {
      return false;
    } catch (RespErrorException e) {
      if (e.code().equals("LOADING")) {
        return false;
      }
      throw Failures.of(e);
    } catch (IOException e) {
      // A connection that breaks while the server starts: its process tells whether that is over.
      LOG.debug("scratch instance does not answer yet", e);
      return false;
    }
  }

  private RedrillException failure(ErrorCode code, String name, Object value) {
    return new RedrillException(code, "program", kind.words(), name, value, "log", logTail());
  }

  /// Which program it runs.
  public ScratchKind kind() {
    return kind;
  }

  /// Where it listens, on loopback.
  public ServerEndpoint endpoint() {
    return endpoint;
  }

  /// The id of its process.
  public long pid() {
    return process.pid();
  }

  /// A new connection; the caller closes it.
  ///
  /// @throws IOException if the server does not answer
  public RespConnection connect() throws IOException {
    return RespConnection.connect(endpoint);
  }

  /// What the program calls itself, such as `redis 7.0.15`.
  public String version() {
    try (RespConnection connection = connect()) {
      String server = connection.call("INFO", "server").asText();
      String product =
          infoField(server, "redrill_version")
              .map(version -> "redrill " + version + ", as ")
              .orElse("");
      return infoField(server, "valkey_version")
          .map(version -> product + "valkey " + version)
          .orElseGet(
              () -> product + "redis " + infoField(server, "redis_version").orElse("(unknown)"));
    } catch (IOException e) {
      throw Failures.of(e, "program", kind.words());
    }
  }

  /// The end of what the server has logged, without the lines before the last few.
  public String logTail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LOG_TAIL_BYTES));
      byte[] bytes = new byte[LOG_TAIL_BYTES];
      int length = Math.max(0, file.read(bytes));
      List<String> lines = new String(bytes, 0, length, StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /// The value of `name` in the text that `INFO` answers.
  static Optional<String> infoField(String info, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(name) + ":(.*?)\\r?$").matcher(info);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /// Ends the process without asking it, and waits until it is gone, also if this thread has been
  /// interrupted: its data is worthless, and a drill leaves nothing behind.
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The hook itself is about to run, and finds the process gone.
      LOG.debug("shutting down", e);
    }
  }
}
