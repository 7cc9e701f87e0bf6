package io.redrill.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command writes the other form of a file.
final class ExportOptions {

  @Option(
      names = "--to",
      paramLabel = "OUT",
      description = "Write to this file, whole or not at all, instead of standard output.")
  private @Nullable Path to;

  @Option(names = "--force", description = "Replace OUT if it is there.")
  private boolean force;

  /// The file, or empty for standard output.
  Optional<Path> path() {
    return Optional.ofNullable(to);
  }

  boolean force() {
    return force;
  }
}
