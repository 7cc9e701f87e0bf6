package io.redrill.verify;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.util.List;
import java.util.Optional;

/// How a drill is judged, in the order in which one thing outweighs another.
///
/// ```
/// it was stopped by a failure           what the failure says, see [#of(ErrorCode)]
/// a check of the data failed            NOT_RECOVERED
/// no check that proves data has passed  NOT_PROVEN
/// an assertion failed                   ASSERTION_FAILED
/// an objective was missed               OBJECTIVE_MISSED
/// else                                  PASSED
/// ```
///
/// A check that was skipped counts for nothing.
final class VerdictRules {

  private VerdictRules() {}

  /// The verdict of a drill.
  ///
  /// @param checks those about the data and the repository
  /// @param assertions those of the user
  static Verdict conclude(
      Optional<RedrillException> failure,
      List<CheckResult> checks,
      List<CheckResult> assertions,
      RecoveryObjectives objectives,
      Measured measured) {
    if (failure.isPresent()) {
      return of(failure.get().code());
    }
    if (checks.stream().anyMatch(CheckResult::failed)) {
      return Verdict.NOT_RECOVERED;
    }
    if (checks.stream().noneMatch(check -> check.provesData() && check.passed())) {
      return Verdict.NOT_PROVEN;
    }
    if (assertions.stream().anyMatch(CheckResult::failed)) {
      return Verdict.ASSERTION_FAILED;
    }
    return objectives.metBy(measured) ? Verdict.PASSED : Verdict.OBJECTIVE_MISSED;
  }

  /// The verdict of a drill that `code` stopped: whether that says something about the backup, or
  /// only about the circumstances.
  static Verdict of(ErrorCode code) {
    return switch (code.status()) {
      case CHECK_FAILED -> Verdict.NOT_RECOVERED;
      case NOT_FOUND -> Verdict.NO_RECOVERY_POINT;
      case PROVEN,
          FAILURE,
          USAGE,
          PARTIAL,
          REFUSED,
          CONFLICT,
          UNREACHABLE,
          CREDENTIALS,
          OBJECTIVE_MISSED,
          INTERRUPTED,
          OUTPUT_CLOSED ->
          Verdict.COULD_NOT_RUN;
    };
  }

  /// The exit status of a command that ends with that verdict: the verdict's own, but that of the
  /// failure where the drill could not run.
  static int exitStatus(Verdict verdict, Optional<RedrillException> failure) {
    return verdict == Verdict.COULD_NOT_RUN
        ? failure.map(RedrillException::status).orElse(ExitStatus.FAILURE).code()
        : verdict.exitStatus();
  }
}
