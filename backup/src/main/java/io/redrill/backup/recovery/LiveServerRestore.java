package io.redrill.backup.recovery;

import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreOptions;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.Greeting;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Writes a recovery point into a running server, without ever emptying it first.
///
/// The recovery point is an RDB file on local disk that has been proved whole. In this order:
///
/// 1. The target is questioned: is it a primary, does it know every type in the file, has it enough
///    databases, is it empty (or may its data be replaced)? Until here nothing was changed.
/// 2. Every key is written ([TargetWriter]).
/// 3. Keys and function libraries of the target that the recovery point does not have are removed
///    ([SurplusKeys], [TargetFunctions]).
/// 4. Everything that the target holds now is read back and compared ([TargetComparison]).
///
/// Interrupted at any point it can be run again. While it runs, other clients see old and new keys.
final class LiveServerRestore {

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
      RestoreOptions options = new TargetCheck(connection, target.address(), rdb, replace).run();
      TargetWriter writer = new TargetWriter(connection, target.address(), options);
      writer.write(rdb, RestoreCommands.reading());
      long removed = replace ? new SurplusKeys(connection, rdb).remove() : 0;
      // What was refused may need what is there.
      long removedFunctions =
          replace && writer.unrestored().isEmpty()
              ? new TargetFunctions(connection).removeAllBut(writer.libraries())
              : 0;
      new TargetComparison(connection, target.address(), rdb).run(clock.instant());
      return new Outcome(
          writer.keys(), removed, writer.libraries().size(), removedFunctions, writer.unrestored());
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
}
