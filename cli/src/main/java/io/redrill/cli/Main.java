package io.redrill.cli;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.server.Signals;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The entry of `redrill`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status.
  ///
  /// SIGINT and SIGTERM interrupt the command, which removes what it had begun and ends with
  /// [ExitStatus#INTERRUPTED]; the second one ends the process at once. Commands that run until
  /// they are told to stop take the signals over.
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    // Some libraries log with java.util.logging; all logs go one way, and are quiet by one setting.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CommandContext context =
        new CommandContext(
            Clock.systemUTC(),
            System.getenv(),
            Path.of("").toAbsolutePath(),
            Output.ofProcess(),
            System.in);
    FutureTask<Integer> status = new FutureTask<>(() -> CommandLines.run(context, arguments));
    // A virtual thread gives up waiting for a socket when it is interrupted.
    Thread command = Thread.ofVirtual().name("command").unstarted(status);
    AtomicBoolean interrupted = new AtomicBoolean();
    for (String signal : new String[] {"INT", "TERM"}) {
      Signals.handle(
          signal,
          _ -> {
            if (interrupted.getAndSet(true)) {
              Runtime.getRuntime().halt(ExitStatus.INTERRUPTED.code());
            }
            command.interrupt();
          });
    }
    command.start();
    System.exit(status.get());
  }
}
