package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.DaemonRun;
import io.redrill.cli.config.Configuration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the daemon in the foreground.
@Command(
    name = "daemon",
    mixinStandardHelpOptions = true,
    description = {
      "Protect the configured sources: archive their logs, run the schedules, serve the console.",
      "Runs in the foreground until SIGTERM or Ctrl-C, and then stores what it has received."
    },
    footer = {"", "Example:", "  redrill daemon -c /etc/redrill/redrill.yaml"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:stopped by a signal, and everything received is stored",
      "2:the configuration is wrong",
      "4:the console would be open to other machines",
      "7:another daemon uses the data directory, or the console's port is taken",
      "8:the store does not answer",
      "9:the store refused the credentials, or a password is missing"
    })
final class DaemonCommand implements Callable<Integer> {

  private final CommandContext context;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration; docs/reference/configuration.md describes every key.")
  private Path file = Path.of("");

  DaemonCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = Configuration.read(context.directory().resolve(file));
    try (DaemonRun run = DaemonRun.start(configuration, context)) {
      run.describe();
      run.awaitSignal();
      context.output().message("stopping");
    }
    context.output().message("stopped; everything received is stored");
    return ExitStatus.PROVEN.code();
  }
}
