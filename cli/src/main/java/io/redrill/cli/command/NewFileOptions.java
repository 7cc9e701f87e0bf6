package io.redrill.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The file that a command writes.
final class NewFileOptions {

  @Option(names = "--to", paramLabel = "OUT", required = true, description = "The file to write.")
  private Path to = Path.of("");

  @Option(names = "--force", description = "Replace OUT if it is there.")
  private boolean force;

  Path path() {
    return to;
  }

  boolean force() {
    return force;
  }
}
