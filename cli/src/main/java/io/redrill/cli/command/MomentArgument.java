package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// A moment on the command line: Unix seconds, or RFC 3339 with a zone.
final class MomentArgument {

  private MomentArgument() {}

  /// The moment that `text` names.
  ///
  /// @throws RedrillException with [ErrorCode#BAD_TIME] if it is none
  static Instant parse(String text) {
    try {
      return text.matches("[0-9]{1,12}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw RedrillException.causedBy(e, ErrorCode.BAD_TIME, "time", text);
    }
  }
}
