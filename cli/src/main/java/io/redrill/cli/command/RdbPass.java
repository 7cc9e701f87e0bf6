package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Progress;
import io.redrill.cli.output.ResultStream;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An RDB that a command reads once, from a file, a pipe, or with the name `-` from standard input;
/// with a line of progress; and how a command fails that reads so.
final class RdbPass implements Closeable {

  /// What a command does.
  @FunctionalInterface
  interface Work {
    ExitStatus run() throws IOException;
  }

  private static final Path STANDARD_INPUT = Path.of("-");

  private final ByteInput in;
  private final Progress progress;

  private RdbPass(ByteInput in, Progress progress) {
    this.in = in;
    this.progress = progress;
  }

  /// Opens `file`, relative to where the command runs. The caller closes the result.
  static RdbPass open(CommandContext context, Path file) throws IOException {
    boolean isStandardInput = file.equals(STANDARD_INPUT);
    Path path = context.directory().resolve(file);
    String name = isStandardInput ? "standard input" : path.toString();
    InputStream bytes = isStandardInput ? context.input() : Files.newInputStream(path);
    long size = !isStandardInput && Files.isRegularFile(path) ? Files.size(path) : 0;
    return new RdbPass(
        new ByteInput(bytes, name),
        new Progress(
            context.output(),
            context.clock(),
            "reading " + Output.oneLine(isStandardInput ? name : file.toString()),
            size));
  }

  /// Runs `work` and turns what it fails with into what the command fails with. Where nobody wants
  /// the results any more, the command is done.
  static int run(Path file, Work work) {
    try {
      return work.run().code();
    } catch (ResultStream.ClosedException closed) {
      return ExitStatus.PROVEN.code();
    } catch (FormatException e) {
      throw damage(e);
    } catch (NoSuchFileException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.FILE_NOT_FOUND, "file", String.valueOf(e.getFile()));
    } catch (IOException e) {
      throw Failures.of(e, "file", file);
    }
  }

  /// What a file that cannot be read further is to an operator.
  static RedrillException damage(FormatException e) {
    if (!(e instanceof CorruptInputException)) {
      return Failures.of(e);
    }
    List<Object> where =
        new ArrayList<>(List.of("problem", e.problem(), "file", e.input(), "offset", e.offset()));
    e.key().ifPresent(key -> where.addAll(List.of("key", key)));
    return RedrillException.causedBy(e, ErrorCode.RDB_DAMAGED, where.toArray());
  }

  /// The bytes of the RDB.
  ByteInput in() {
    return in;
  }

  /// Shows how far the reading has come.
  void progress(long bytes) {
    progress.at(bytes);
  }

  @Override
  public void close() throws IOException {
    progress.close();
    in.close();
  }
}
