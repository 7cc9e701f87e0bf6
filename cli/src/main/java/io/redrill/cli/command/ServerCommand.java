package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.server.ServerMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// Runs the bundled server in the foreground, with the arguments of redis-server.
@Command(
    name = "server",
    description = "Run the bundled Redis-compatible server in the foreground.",
    synopsisHeading = "Usage: ",
    customSynopsis = "redrill server [redis.conf] [--port N] [--dir PATH] [--DIRECTIVE VALUE ...]",
    footer = {
      "",
      "Takes a configuration file and directives as redis-server does.",
      "",
      "Example:",
      "  redrill server --port 6380 --dir /tmp/data --appendonly yes"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {"0:stopped in order", "1:it could not start, or could not save"})
final class ServerCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
      spec.commandLine().usage(spec.commandLine().getOut());
      return ExitStatus.PROVEN.code();
    }
    return ServerMain.run(arguments);
  }
}
