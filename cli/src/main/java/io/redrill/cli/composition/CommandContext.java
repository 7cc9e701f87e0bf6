package io.redrill.cli.composition;

import io.redrill.cli.output.Output;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// What a command may know of the world: its clock, environment, working directory, where it
/// prints, and its standard input.
public record CommandContext(
    InstantSource clock,
    Map<String, String> environment,
    Path directory,
    Output output,
    InputStream input) {

  /// As above, with nothing on standard input.
  public CommandContext(
      InstantSource clock, Map<String, String> environment, Path directory, Output output) {
    this(clock, environment, directory, output, InputStream.nullInputStream());
  }
}
