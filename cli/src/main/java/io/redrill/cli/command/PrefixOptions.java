package io.redrill.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// What counts as the prefix of a key.
final class PrefixOptions {

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--separator",
      paramLabel = "TEXT",
      defaultValue = ":",
      description = "What ends a part of a key (default: ${DEFAULT-VALUE}).")
  private String separator = ":";

  @Option(
      names = "--prefix-depth",
      paramLabel = "D",
      defaultValue = "1",
      description = "How many parts of a key make its prefix (default: ${DEFAULT-VALUE}).")
  private int depth;

  /// What ends a part of a key.
  ///
  /// @throws ParameterException if it is empty
  String separator() {
    if (separator.isEmpty()) {
      throw usage("--separator: it is empty");
    }
    return separator;
  }

  /// How many parts of a key make its prefix: at least one.
  ///
  /// @throws ParameterException if it is less
  int depth() {
    if (depth < 1) {
      throw usage("--prefix-depth: a prefix has at least 1 part");
    }
    return depth;
  }

  private ParameterException usage(String problem) {
    if (spec == null) {
      throw new IllegalStateException("the options belong to no command");
    }
    return new ParameterException(spec.commandLine(), problem);
  }
}
