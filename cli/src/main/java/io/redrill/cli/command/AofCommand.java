package io.redrill.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Holds the commands that look into append-only files.
@Command(
    name = "aof",
    mixinStandardHelpOptions = true,
    description = "Look into append-only files without a server, cut, repair and write them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AofCheckCommand.class,
      AofCatCommand.class,
      AofStatsCommand.class,
      AofFindCommand.class,
      AofCutCommand.class,
      AofRepairCommand.class,
      AofFollowCommand.class
    })
final class AofCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
