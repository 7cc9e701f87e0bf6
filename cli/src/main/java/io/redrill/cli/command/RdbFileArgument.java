package io.redrill.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// The file that a command reads.
final class RdbFileArgument {

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "An RDB file of any Redis or Valkey; - reads standard input.")
  private Path file = Path.of("");

  Path path() {
    return file;
  }
}
