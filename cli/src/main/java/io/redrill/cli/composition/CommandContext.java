package io.redrill.cli.composition;

import io.redrill.cli.output.Output;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// What a command may know of the world: its clock, environment, working directory, and where it
/// prints.
public record CommandContext(
    InstantSource clock, Map<String, String> environment, Path directory, Output output) {}
