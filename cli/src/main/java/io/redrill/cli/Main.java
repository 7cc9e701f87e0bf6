package io.redrill.cli;

import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The entry of `redrill`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] arguments) {
    // Some libraries log with java.util.logging; all logs go one way, and are quiet by one setting.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CommandContext context =
        new CommandContext(
            Clock.systemUTC(), System.getenv(), Path.of("").toAbsolutePath(), Output.ofProcess());
    System.exit(CommandLines.of(context).execute(arguments));
  }
}
