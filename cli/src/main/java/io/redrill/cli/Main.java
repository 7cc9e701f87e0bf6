package io.redrill.cli;

import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import java.nio.file.Path;
import java.time.Clock;

/// The entry of `redrill`.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] arguments) {
    CommandContext context =
        new CommandContext(
            Clock.systemUTC(), System.getenv(), Path.of("").toAbsolutePath(), Output.ofProcess());
    System.exit(CommandLines.of(context).execute(arguments));
  }
}
