package io.redrill.cli.command;

import io.redrill.cli.composition.BuildVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `redrill` by itself: it only holds the others.
@Command(
    name = "redrill",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    description = "Backups for Redis and Valkey that prove they restore.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Begin with:",
      "  redrill demo          see a data set destroyed and brought back, in a minute",
      "  redrill up            a server, its backups and a console, here and now",
      "  redrill restore latest --repo URL --to FILE.rdb",
      "",
      "Each command explains itself: redrill COMMAND --help"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:all that was asked for was proven",
      "1:failure",
      "2:the command line or the configuration is wrong",
      "3:partial: the messages say what was not done",
      "4:refused before any change",
      "5:a check or a drill failed",
      "6:not found: no such backup, or a time outside every recovery window",
      "7:conflict with another writer",
      "8:a store or a server is unreachable",
      "9:credentials or a key were refused",
      "10:an objective was missed, the data is fine",
      "130:interrupted",
      "141:whoever read the output closed it before the end"
    },
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      DaemonCommand.class,
      ServerCommand.class,
      BackupCommand.class,
      ListCommand.class,
      ShowCommand.class,
      RestoreCommand.class,
      DrillCommand.class,
      ReportCommand.class,
      CheckCommand.class,
      RdbCommand.class,
      AofCommand.class
    })
final class RedrillCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
