package io.redrill.cli.config;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a password is to be had; never the password itself, so that a configuration can be shown
/// to anybody.
public sealed interface PasswordSource {

  /// No longer than this, in bytes.
  int MAX_BYTES = 4096;

  /// The source needs no password.
  record None() implements PasswordSource {}

  /// An environment variable.
  record Variable(String name) implements PasswordSource {}

  /// The first line of a file.
  record FirstLine(Path file) implements PasswordSource {}

  /// Fetches the password; empty where none is needed.
  ///
  /// @throws RedrillException if the variable is not set or the file cannot be read; without any of
  ///   its content
  default Optional<String> fetch(Map<String, String> environment) {
    return switch (this) {
      case None() -> Optional.empty();
      case Variable(String name) ->
          Optional.of(
              Optional.ofNullable(environment.get(name))
                  .orElseThrow(() -> missing("variable", name, "it is not set")));
      case FirstLine(Path file) -> Optional.of(firstLine(file));
    };
  }

  private static String firstLine(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw missing("passwordFile", file, "it is longer than 4096 bytes");
      }
      return new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElseThrow(() -> missing("passwordFile", file, "it is empty"));
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.PASSWORD_MISSING, "passwordFile", file, "problem", Failures.words(e));
    }
  }

  private static RedrillException missing(String kind, Object name, String problem) {
    return new RedrillException(ErrorCode.PASSWORD_MISSING, kind, name, "problem", problem);
  }
}
