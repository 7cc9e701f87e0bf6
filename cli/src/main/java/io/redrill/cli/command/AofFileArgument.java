package io.redrill.cli.command;

import io.redrill.aof.AofDirectory;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// The append-only file that a command reads.
final class AofFileArgument {

  @Parameters(
      index = "0",
      paramLabel = "FILE|DIR",
      description =
          "A single file, a manifest, an appendonlydir, or the server's directory that holds one.")
  private Path path = Path.of("");

  /// Where it is, as a path from the directory in which the command runs.
  Path in(CommandContext context) {
    return context.directory().resolve(path);
  }

  /// Finds its files.
  ///
  /// @param whenDamaged the code for a manifest that cannot be read
  AofDirectory open(CommandContext context, ErrorCode whenDamaged) {
    try {
      return AofDirectory.open(in(context));
    } catch (IOException e) {
      throw failure(e, whenDamaged);
    }
  }

  /// The failure of a command that met `e`.
  ///
  /// @param whenDamaged the code of damage, which says what has become of the results
  RedrillException failure(IOException e, ErrorCode whenDamaged) {
    return switch (e) {
      case CorruptInputException damage ->
          RedrillException.causedBy(
              damage,
              whenDamaged,
              "problem",
              damage.problem(),
              "file",
              damage.input(),
              "offset",
              damage.offset());
      case NoSuchFileException missing ->
          RedrillException.causedBy(
              missing,
              ErrorCode.FILE_NOT_FOUND,
              "file",
              String.valueOf(missing.getFile()),
              "problem",
              missing.getReason() == null ? "there is no such file" : missing.getReason());
      default -> Failures.of(e, "file", path);
    };
  }
}
