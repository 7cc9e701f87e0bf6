package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Progress;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.convert.RdbSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// RDB files that a command reads in several passes, each with its line of progress; and how a
/// command fails that reads them.
final class RdbPasses implements Closeable {

  /// What a command does with its files.
  @FunctionalInterface
  interface Work<T> {
    T run(RdbPasses passes) throws IOException;
  }

  private final CommandContext context;
  private Optional<Progress> progress = Optional.empty();

  private RdbPasses(CommandContext context) {
    this.context = context;
  }

  /// Runs `work`; what it fails with becomes what the command fails with.
  static <T> T run(CommandContext context, Path file, Work<T> work) {
    try (RdbPasses passes = new RdbPasses(context)) {
      return work.run(passes);
    } catch (CorruptInputException e) {
      throw damaged(e);
    } catch (NoSuchFileException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.FILE_NOT_FOUND, "file", String.valueOf(e.getFile()));
    } catch (IOException e) {
      throw Failures.of(e, "file", file);
    }
  }

  private static RedrillException damaged(CorruptInputException e) {
    List<Object> where =
        new ArrayList<>(List.of("problem", e.problem(), "file", e.input(), "offset", e.offset()));
    e.key().ifPresent(key -> where.addAll(List.of("key", key)));
    return RedrillException.causedBy(e, ErrorCode.SOURCE_DAMAGED, where.toArray());
  }

  /// Opens `path`, relative to where the command runs. The caller closes it.
  RdbSource open(Path path) throws IOException {
    return RdbSource.open(
        context.directory().resolve(path), bytes -> progress.ifPresent(line -> line.at(bytes)));
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
