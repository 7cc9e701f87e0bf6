package io.redrill.cli.command;

import io.redrill.rdb.PackingLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Up to where collections that change their form are packed, under the names of the servers' own
/// directives. Without them: the servers' defaults.
final class PackingOptions {

  /// What `list-max-listpack-size` from -1 to -5 stands for.
  private static final List<Integer> NODE_BYTES = List.of(4096, 8192, 16384, 32768, 65536);

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--hash-max-listpack-entries",
      paramLabel = "N",
      description = "Of keys that change their form: the most fields of a packed hash (512).")
  private @Nullable Integer hashEntries;

  @Option(
      names = "--hash-max-listpack-value",
      paramLabel = "N",
      description = "The most bytes of a field or value of one (64).")
  private @Nullable Integer hashValue;

  @Option(
      names = "--zset-max-listpack-entries",
      paramLabel = "N",
      description = "The most members of a packed sorted set (128).")
  private @Nullable Integer zsetEntries;

  @Option(
      names = "--zset-max-listpack-value",
      paramLabel = "N",
      description = "The most bytes of a member of one (64).")
  private @Nullable Integer zsetValue;

  @Option(
      names = "--set-max-intset-entries",
      paramLabel = "N",
      description = "The most members of a packed set of integers (512).")
  private @Nullable Integer intsetEntries;

  @Option(
      names = "--set-max-listpack-entries",
      paramLabel = "N",
      description = "The most members of a packed set (128).")
  private @Nullable Integer setEntries;

  @Option(
      names = "--set-max-listpack-value",
      paramLabel = "N",
      description = "The most bytes of a member of one (64).")
  private @Nullable Integer setValue;

  @Option(
      names = "--list-max-listpack-size",
      paramLabel = "N",
      description =
          "The size of a node of a list, from -1 (4 KiB) to -5 (64 KiB); the default is -2.")
  private @Nullable Integer listSize;

  @Option(
      names = "--stream-node-max-bytes",
      paramLabel = "N",
      description = "The most bytes of a node of a stream (4096).")
  private @Nullable Integer streamBytes;

  @Option(
      names = "--stream-node-max-entries",
      paramLabel = "N",
      description = "The most entries of a node of a stream (100).")
  private @Nullable Integer streamEntries;

  @Option(
      names = "--rdbcompression",
      paramLabel = "yes|no",
      description =
          "Whether long strings of keys that change their form are packed with LZF (yes).")
  private String compression = "yes";

  /// The limits, where `defaults` hold for what was not said.
  ///
  /// @throws ParameterException if a number means nothing
  PackingLimits limits(PackingLimits defaults) {
    return new PackingLimits(
        positive("--hash-max-listpack-entries", hashEntries, defaults.hashEntries()),
        positive("--hash-max-listpack-value", hashValue, defaults.hashValueBytes()),
        positive("--zset-max-listpack-entries", zsetEntries, defaults.sortedSetEntries()),
        positive("--zset-max-listpack-value", zsetValue, defaults.sortedSetValueBytes()),
        positive("--set-max-intset-entries", intsetEntries, defaults.intsetEntries()),
        positive("--set-max-listpack-entries", setEntries, defaults.setEntries()),
        positive("--set-max-listpack-value", setValue, defaults.setValueBytes()),
        listNodeBytes(defaults),
        positive("--stream-node-max-bytes", streamBytes, defaults.streamNodeBytes()),
        positive("--stream-node-max-entries", streamEntries, defaults.streamNodeEntries()));
  }

  /// Whether strings are packed.
  ///
  /// @throws ParameterException if neither yes nor no was said
  boolean compression() {
    return switch (compression) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw usage("--rdbcompression is yes or no");
    };
  }

  private int listNodeBytes(PackingLimits defaults) {
    if (listSize == null) {
      return defaults.listNodeBytes();
    }
    if (listSize > -1 || listSize < -NODE_BYTES.size()) {
      throw usage("--list-max-listpack-size goes from -1 to -5");
    }
    return NODE_BYTES.get(-listSize - 1);
  }

  private int positive(String option, @Nullable Integer value, int fallback) {
    if (value != null && value < 0) {
      throw usage(option + " cannot be negative");
    }
    return value == null ? fallback : value;
  }

  private ParameterException usage(String problem) {
    if (spec == null) {
      throw new IllegalStateException("the options belong to no command");
    }
    return new ParameterException(spec.commandLine(), problem);
  }
}
