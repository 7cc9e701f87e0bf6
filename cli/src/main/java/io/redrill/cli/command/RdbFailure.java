package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What it is to an operator that an RDB cannot be read.
final class RdbFailure {

  private RdbFailure() {}

  /// The failure of a command that met `e`.
  ///
  /// @param file what the command was given, for failures that do not know their file
  /// @param whenDamaged the code of damage, which says what has become of the results
  static RedrillException of(IOException e, Path file, ErrorCode whenDamaged) {
    return switch (e) {
      case FormatException format -> of(format, whenDamaged);
      case NoSuchFileException missing ->
          RedrillException.causedBy(
              missing, ErrorCode.FILE_NOT_FOUND, "file", String.valueOf(missing.getFile()));
      default -> Failures.of(e, "file", file);
    };
  }

  /// As above, of a file whose bytes cannot be read further.
  static RedrillException of(FormatException e, ErrorCode whenDamaged) {
    if (!(e instanceof CorruptInputException)) {
      return Failures.of(e);
    }
    List<Object> where =
        new ArrayList<>(List.of("problem", e.problem(), "file", e.input(), "offset", e.offset()));
    e.key().ifPresent(key -> where.addAll(List.of("key", key)));
    return RedrillException.causedBy(e, whenDamaged, where.toArray());
  }
}
