package io.redrill.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Holds the commands that look into RDB files.
@Command(
    name = "rdb",
    mixinStandardHelpOptions = true,
    description = {
      "Look into RDB files, and make others of them, without a server.",
      "An RDB may stand in a compression envelope of Valkey or in a recorded full synchronisation.",
      "Bytes behind its end are left out, with a warning, and change no exit status."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RdbCheckCommand.class,
      RdbCommandsCommand.class,
      RdbCompatCommand.class,
      RdbConvertCommand.class,
      RdbDiffCommand.class,
      RdbDigestCommand.class,
      RdbFilterCommand.class,
      RdbGetCommand.class,
      RdbJsonCommand.class,
      RdbLsCommand.class,
      RdbMergeCommand.class,
      RdbSalvageCommand.class,
      RdbSplitCommand.class,
      RdbStatsCommand.class
    })
final class RdbCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
