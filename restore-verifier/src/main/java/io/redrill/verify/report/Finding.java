package io.redrill.verify.report;

import java.util.Optional;

/// Something that a reader of the report has to know, with the next step.
///
/// @param code the name of the error code, or a word of the same form for what is no error
/// @param message what was found, in lower case without a full stop
/// @param object the part, segment, key or address that it is about
/// @param hint the next step, as a sentence
public record Finding(
    Severity severity, String code, String message, Optional<String> object, String hint) {

  /// How much a finding matters.
  public enum Severity {
    /// Decided the verdict.
    ERROR,
    /// Did not decide the verdict, and needs attention.
    WARNING,
    /// Worth knowing.
    NOTE
  }
}
