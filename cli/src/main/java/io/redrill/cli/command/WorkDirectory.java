package io.redrill.cli.command;

import io.redrill.backup.Failures;
import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
import java.nio.file.FileSystemException;
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

  /// `e`; where it is about a temporary file, and not about `input`, it also says how to have them
  /// elsewhere.
  static IOException named(CommandContext context, IOException e, Path input) {
    if (!(e instanceof FileSystemException failure) || failure.getFile() == null) {
      return e;
    }
    Path file = Path.of(failure.getFile());
    if (!file.startsWith(of(context)) || file.equals(context.directory().resolve(input))) {
      return e;
    }
    FileSystemException named =
        new FileSystemException(
            failure.getFile(),
            failure.getOtherFile(),
            Failures.words(failure)
                + "; "
                + VARIABLE
                + " names another directory for temporary files");
    named.initCause(failure);
    return named;
  }

  /// How much memory the keys of a file may take: at most an eighth of the heap.
  static SpillLimits spillLimits(CommandContext context) {
    long eighth = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 8);
    return new SpillLimits(of(context), (int) Math.min(SpillLimits.DEFAULT_MEMORY_BYTES, eighth));
  }
}
