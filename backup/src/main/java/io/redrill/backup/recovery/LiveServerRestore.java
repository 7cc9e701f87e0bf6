package io.redrill.backup.recovery;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.Greeting;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes a recovery point into a running server with `RESTORE`, without ever emptying it first.
///
/// The recovery point is an RDB file on local disk that has been proved whole. In this order:
///
/// 1. The target is questioned: is it a primary, does it know every type in the file, has it enough
///    databases, is it empty (or may its data be replaced)? Until here nothing was changed.
/// 2. Every key is written with `RESTORE ... REPLACE ABSTTL`, pipelined, a bounded number of bytes
///    at a time.
/// 3. Keys and function libraries of the target that the recovery point does not have are removed
///    ([SurplusKeys], [TargetFunctions]).
/// 4. Everything that the target holds now is read back and compared ([TargetComparison]).
///
/// Interrupted at any point it can be run again. While it runs, other clients see old and new keys.
final class LiveServerRestore {

  /// How many bytes may be on their way to the target without an answer.
  private static final long WINDOW_BYTES = 8L * 1024 * 1024;

  /// How many commands may be.
  private static final int WINDOW_COMMANDS = 1_000;

  private static final byte[] RESTORE = bytes("RESTORE");
  private static final byte[] REPLACE = bytes("REPLACE");
  private static final byte[] ABSTTL = bytes("ABSTTL");
  private static final byte[] NO_EXPIRY = bytes("0");

  private final Path rdb;
  private final ServerEndpoint target;
  private final boolean replace;
  private final InstantSource clock;

  /// Prepares to write the file `rdb` into `target`, whose data may be overwritten and removed only
  /// with `replace`.
  LiveServerRestore(Path rdb, ServerEndpoint target, boolean replace, InstantSource clock) {
    this.rdb = rdb;
    this.target = target;
    this.replace = replace;
    this.clock = clock;
  }

  /// What was done to the target.
  ///
  /// @param restored keys written
  /// @param removed keys that only the target had
  /// @param functions libraries loaded
  /// @param removedFunctions libraries that only the target had
  /// @param unrestored what the target could not take, as sentences; empty when all is in place
  record Outcome(
      long restored,
      long removed,
      long functions,
      long removedFunctions,
      List<String> unrestored) {}

  /// Does it, and blocks until it is done.
  ///
  /// @throws RedrillException with [ErrorCode#TARGET_DIFFERS] if the target does not hold what was
  ///   written; with another of the codes `TARGET_…` if it is not fit, and nothing was changed
  ///   then. Any other failure may leave a part of the keys written
  Outcome run() {
    try (RespConnection connection = Greeting.connect(target)) {
      new TargetCheck(connection, target.address(), rdb, replace).run();
      Writer writer = new Writer(connection);
      writer.writeAll();
      long removed = replace ? new SurplusKeys(connection, rdb).remove() : 0;
      // What was refused may need what is there.
      long removedFunctions =
          replace && writer.unrestored.isEmpty()
              ? new TargetFunctions(connection).removeAllBut(writer.libraries)
              : 0;
      new TargetComparison(connection, target.address(), rdb).run(clock.instant());
      return new Outcome(
          writer.restored,
          removed,
          writer.libraries.size(),
          removedFunctions,
          List.copyOf(writer.unrestored));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private RedrillException failure(IOException cause) {
    if (Thread.currentThread().isInterrupted()) {
      // An interrupt closes the connection; what that says is not why.
      return failed(cause, ErrorCode.RESTORE_INTERRUPTED);
    }
    return switch (cause) {
      case ConnectException unreachable -> Failures.of(unreachable, "target", target.address());
      case EOFException end -> failed(end, ErrorCode.TARGET_LOST);
      case SocketException broken -> failed(broken, ErrorCode.TARGET_LOST);
      case SocketTimeoutException silent -> failed(silent, ErrorCode.TARGET_LOST);
      case RespErrorException refusal ->
          switch (refusal.code()) {
            case "NOAUTH", "WRONGPASS", "NOPERM" -> failed(refusal, ErrorCode.TARGET_CREDENTIALS);
            default -> failed(refusal, ErrorCode.TARGET_REFUSED);
          };
      default -> Failures.of(cause, "target", target.address());
    };
  }

  private RedrillException failed(IOException cause, ErrorCode code) {
    return RedrillException.causedBy(
        cause, code, "target", target.address(), "problem", String.valueOf(cause.getMessage()));
  }

  /// The second step: one pass over the file.
  private final class Writer {

    private final RespConnection connection;
    private final List<byte[]> pendingKeys = new ArrayList<>();
    private final List<String> unrestored = new ArrayList<>();
    private long pendingBytes;
    private int selected = -1;
    private long restored;
    private final Set<String> libraries = new HashSet<>();

    Writer(RespConnection connection) {
      this.connection = connection;
    }

    void writeAll() throws IOException {
      try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
        RdbReader reader = new RdbReader(in);
        while (true) {
          switch (reader.next()) {
            case RdbRecord.Entry entry -> write(entry);
            case RdbRecord.FunctionLibrary library -> load(library);
            case RdbRecord.End _ -> {
              settle();
              return;
            }
            case RdbRecord.Aux _,
                RdbRecord.SelectDb _,
                RdbRecord.ResizeDb _,
                RdbRecord.HashTemplate _,
                RdbRecord.Verbatim _ -> {}
          }
        }
      }
    }

    private void write(RdbRecord.Entry entry) throws IOException {
      if (entry.db() != selected) {
        settle();
        connection.call("SELECT", String.valueOf(entry.db()));
        selected = entry.db();
      }
      byte[] payload = DumpPayload.of(entry);
      byte[] expiry =
          entry.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY
              ? NO_EXPIRY
              : bytes(String.valueOf(entry.expireAtMillis()));
      connection.send(List.of(RESTORE, entry.key(), expiry, payload, REPLACE, ABSTTL));
      pendingKeys.add(entry.key());
      pendingBytes += payload.length + entry.key().length;
      if (pendingBytes >= WINDOW_BYTES || pendingKeys.size() >= WINDOW_COMMANDS) {
        settle();
      }
    }

    private void settle() throws IOException {
      for (byte[] key : pendingKeys) {
        if (connection.receive() instanceof RespReply.ErrorReply(String text)) {
          throw new RedrillException(
              ErrorCode.RESTORE_INCOMPLETE,
              "target",
              target.address(),
              "db",
              selected,
              "key",
              new String(key, StandardCharsets.UTF_8),
              "answer",
              text);
        }
        restored++;
      }
      pendingKeys.clear();
      pendingBytes = 0;
    }

    private void load(RdbRecord.FunctionLibrary library) throws IOException {
      settle();
      try {
        libraries.add(
            connection
                .call(List.of(bytes("FUNCTION"), bytes("LOAD"), REPLACE, library.source()))
                .asText());
      } catch (RespErrorException e) {
        unrestored.add("a function library was refused by the target: " + e.getMessage());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
