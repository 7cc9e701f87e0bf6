package io.redrill.cli.command;

import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.spill.SpillLimits;
import java.nio.file.Path;

/// Where commands put what they do not keep in memory.
final class WorkDirectory {

  private static final String VARIABLE = "REDRILL_WORK";

  private WorkDirectory() {}

  /// `REDRILL_WORK`, or the system's temporary directory.
  static Path of(CommandContext context) {
    String named = context.environment().getOrDefault(VARIABLE, "");
    return named.isEmpty()
        ? Path.of(System.getProperty("java.io.tmpdir"))
        : context.directory().resolve(named);
  }

  /// How much memory the keys of a file may take: at most an eighth of the heap.
  static SpillLimits spillLimits(CommandContext context) {
    long eighth = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 8);
    return new SpillLimits(of(context), (int) Math.min(SpillLimits.DEFAULT_MEMORY_BYTES, eighth));
  }
}
