package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Progress;
import io.redrill.rdb.convert.RdbSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// RDB files that a command reads in several passes, each with its line of progress; and how a
/// command fails that reads them.
final class RdbPasses implements Closeable {

  /// What a command does with its files.
  @FunctionalInterface
  interface Work<T> {
    T run(RdbPasses passes) throws IOException;
  }

  private final CommandContext context;
  private final List<Runnable> warnings = new ArrayList<>();
  private Optional<Progress> progress = Optional.empty();

  private RdbPasses(CommandContext context) {
    this.context = context;
  }

  /// Runs `work`; what it fails with becomes what the command fails with.
  static <T> T run(CommandContext context, Path file, Work<T> work) {
    try (RdbPasses passes = new RdbPasses(context)) {
      T result = work.run(passes);
      passes.warnings.forEach(Runnable::run);
      return result;
    } catch (IOException e) {
      throw RdbFailure.of(e, file, ErrorCode.SOURCE_DAMAGED);
    }
  }

  /// Opens `file`, relative to where the command runs, or a copy of the RDB in it where that is
  /// what can be read several times. The caller closes it. When the work is done it is warned of
  /// what is odd behind the end of the RDB.
  RdbSource open(Path file) throws IOException {
    LongConsumer line = bytes -> progress.ifPresent(shown -> shown.at(bytes));
    try (RdbPass pass = RdbPass.open(context, file, "staging")) {
      if (!StagedRdb.isNeeded(context, file, pass)) {
        return warned(pass, RdbSource.open(context.directory().resolve(file), line));
      }
      // The file stays readable while it is open.
      try (StagedRdb staged = StagedRdb.of(context, pass)) {
        if (staged.damage().isPresent()) {
          throw staged.damage().get();
        }
        return warned(pass, RdbSource.open(staged.path(), Path.of(pass.name()), line));
      }
    }
  }

  private RdbSource warned(RdbPass pass, RdbSource source) {
    warnings.add(() -> pass.warn(source.trailing()));
    return source;
  }

  /// Begins a pass over `source`, which ends the one before.
  void begin(String activity, RdbSource source) throws IOException {
    close();
    progress =
        Optional.of(
            new Progress(
                context.output(),
                context.clock(),
                activity + " " + Output.oneLine(String.valueOf(source.file().getFileName())),
                source.sizeBytes()));
  }

  @Override
  public void close() {
    progress.ifPresent(Progress::close);
    progress = Optional.empty();
  }
}
