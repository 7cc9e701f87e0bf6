package io.redrill.verify.report;

/// One check of a drill and how it ended.
///
/// @param name a short name, unique in the report
/// @param proves what is known once this check has passed, as a sentence
/// @param provesData whether a pass shows that restored data equals backed-up data; a drill needs
///   one such pass
/// @param expected what should have been seen, never a stored value
/// @param actual what was seen; for a skipped check, why it was skipped
public record CheckResult(
    String name,
    String proves,
    boolean provesData,
    String expected,
    String actual,
    Outcome outcome) {

  /// How a check ended.
  public enum Outcome {
    PASSED,
    FAILED,
    /// It did not run, which proves nothing.
    SKIPPED
  }

  /// A check that compares two texts: passed if they are equal.
  public static CheckResult comparing(
      String name, String proves, boolean provesData, String expected, String actual) {
    Outcome outcome = expected.equals(actual) ? Outcome.PASSED : Outcome.FAILED;
    return new CheckResult(name, proves, provesData, expected, actual, outcome);
  }

  /// A check that did not run, because of `reason`.
  public static CheckResult skipped(String name, String proves, String reason) {
    return new CheckResult(name, proves, false, "", reason, Outcome.SKIPPED);
  }

  /// Whether it passed.
  public boolean passed() {
    return outcome == Outcome.PASSED;
  }

  /// Whether it failed.
  public boolean failed() {
    return outcome == Outcome.FAILED;
  }
}
