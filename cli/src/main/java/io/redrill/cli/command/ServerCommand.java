package io.redrill.cli.command;

import io.redrill.server.ServerMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    })
final class ServerCommand implements Callable<Integer> {

  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return ServerMain.run(arguments);
  }
}
