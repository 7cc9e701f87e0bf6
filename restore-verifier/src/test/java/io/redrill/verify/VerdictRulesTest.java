package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.CheckResult.Outcome;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictRulesTest {

  /// One row per case: outcome of the check that proves data, of another check, of an assertion
  /// (`-` for none), measured RPO and RTO in seconds (`?` for unknown) against objectives of 60 and
  /// 30 seconds.
  @ParameterizedTest
  @CsvSource({
    "PASSED,  PASSED,  PASSED,  60, 30, PASSED",
    "PASSED,  SKIPPED, SKIPPED, 60, 30, PASSED",
    "PASSED,  -,       -,       60, 30, PASSED",
    "PASSED,  PASSED,  -,       61, 30, OBJECTIVE_MISSED",
    "PASSED,  PASSED,  -,       60, 31, OBJECTIVE_MISSED",
    "PASSED,  PASSED,  -,       ?,  30, OBJECTIVE_MISSED",
    "PASSED,  PASSED,  -,       60, ?,  OBJECTIVE_MISSED",
    "PASSED,  PASSED,  FAILED,  60, 30, ASSERTION_FAILED",
    "PASSED,  PASSED,  FAILED,  61, 31, ASSERTION_FAILED",
    "PASSED,  FAILED,  PASSED,  60, 30, NOT_RECOVERED",
    "PASSED,  FAILED,  FAILED,  61, 31, NOT_RECOVERED",
    "FAILED,  PASSED,  PASSED,  60, 30, NOT_RECOVERED",
    "FAILED,  SKIPPED, FAILED,  ?,  ?,  NOT_RECOVERED",
    "SKIPPED, PASSED,  PASSED,  60, 30, NOT_PROVEN",
    "SKIPPED, PASSED,  FAILED,  60, 30, NOT_PROVEN",
    "SKIPPED, FAILED,  PASSED,  60, 30, NOT_RECOVERED",
    "-,       PASSED,  PASSED,  60, 30, NOT_PROVEN",
    "-,       -,       PASSED,  60, 30, NOT_PROVEN",
    "-,       -,       -,       60, 30, NOT_PROVEN",
  })
  void weighsChecksThenAssertionsThenObjectives(
      String proof, String other, String assertion, String rpo, String rto, Verdict expected) {
    List<CheckResult> checks =
        Stream.concat(check("data", true, proof), check("other", false, other)).toList();
    List<CheckResult> assertions = check("assertion", false, assertion).toList();
    RecoveryObjectives objectives =
        new RecoveryObjectives(
            Optional.of(Duration.ofSeconds(60)), Optional.of(Duration.ofSeconds(30)));
    Measured measured =
        new Measured(seconds(rpo), Optional.empty(), seconds(rto), Optional.of(Duration.ofDays(1)));

    Verdict verdict =
        VerdictRules.conclude(Optional.empty(), checks, assertions, objectives, measured);

    assertThat(verdict).isEqualTo(expected);
    assertThat(VerdictRules.exitStatus(verdict, Optional.empty())).isEqualTo(verdict.exitStatus());
  }

  @ParameterizedTest
  @CsvSource({
    "REPOSITORY_DAMAGED,  NOT_RECOVERED,     5",
    "OBJECT_MISSING,      NOT_RECOVERED,     5",
    "CORRUPT_DATA,        NOT_RECOVERED,     5",
    "DIGEST_DIFFERS,      NOT_RECOVERED,     5",
    "SCRATCH_DIED,        NOT_RECOVERED,     5",
    "LOG_GAP,             NO_RECOVERY_POINT, 6",
    "NO_SNAPSHOT,         NO_RECOVERY_POINT, 6",
    "OUTSIDE_WINDOWS,     NO_RECOVERY_POINT, 6",
    "STORE_UNREACHABLE,   COULD_NOT_RUN,     8",
    "SOURCE_UNREACHABLE,  COULD_NOT_RUN,     8",
    "STORE_ACCESS,        COULD_NOT_RUN,     9",
    "SCRATCH_UNAVAILABLE, COULD_NOT_RUN,     1",
    "SCRATCH_TIMEOUT,     COULD_NOT_RUN,     1",
    "INTERRUPTED,         COULD_NOT_RUN,     130",
  })
  void aFailureOutweighsEverything(ErrorCode code, Verdict expected, int exitStatus) {
    Optional<RedrillException> failure = Optional.of(new RedrillException(code));

    Verdict verdict =
        VerdictRules.conclude(
            failure,
            check("data", true, "PASSED").toList(),
            List.of(),
            RecoveryObjectives.none(),
            Measured.nothing());

    assertThat(verdict).isEqualTo(expected);
    assertThat(VerdictRules.exitStatus(verdict, failure)).isEqualTo(exitStatus);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void noFailureCanPass(ErrorCode code) {
    assertThat(VerdictRules.of(code).recovered()).isFalse();
  }

  @Test
  void aSourceThatHasWrittenNothingSinceLosesNothing() {
    Measured idle =
        new Measured(
            Optional.of(Duration.ofDays(3)), Optional.of(0L), Optional.empty(), Optional.empty());

    assertThat(idle.rpo()).contains(Duration.ZERO);
  }

  private static Stream<CheckResult> check(String name, boolean provesData, String outcome) {
    return outcome.equals("-")
        ? Stream.empty()
        : Stream.of(
            new CheckResult(name, "a test", provesData, "x", "y", Outcome.valueOf(outcome)));
  }

  private static Optional<Duration> seconds(String text) {
    return text.equals("?")
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Long.parseLong(text)));
  }
}
