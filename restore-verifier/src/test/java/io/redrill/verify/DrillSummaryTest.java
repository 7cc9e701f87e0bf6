package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a verdict's sentence claims is no more than was measured.
class DrillSummaryTest {

  @Test
  void whatWouldBeLostIsABoundUnlessItIsNothing() {
    assertThat(passed(Optional.empty()))
        .endsWith("; at most the last 3 s of writes would have been lost.");
    assertThat(passed(Optional.of(120L)))
        .endsWith("; at most the last 3 s of writes would have been lost.");
    assertThat(passed(Optional.of(0L))).endsWith("; nothing would have been lost.");
  }

  @Test
  void aMissedObjectiveSaysWhatWasMeasuredAndWhatWasAsked() {
    String sentence =
        summary(
                measured(Optional.empty()),
                new RecoveryObjectives(
                    Optional.of(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(2))))
            .of(Verdict.OBJECTIVE_MISSED, Optional.empty());

    assertThat(sentence)
        .contains(
            "took 5 s where 2 s is the objective",
            "would have lost at most the last 3 s of writes where 1 s is the objective");
  }

  private static String passed(Optional<Long> unstored) {
    return summary(measured(unstored), RecoveryObjectives.none())
        .of(Verdict.PASSED, Optional.empty());
  }

  private static DrillSummary summary(Measured measured, RecoveryObjectives objectives) {
    return new DrillSummary("shop", Optional.empty(), 7, List.of(), objectives, measured);
  }

  private static Measured measured(Optional<Long> unstored) {
    return new Measured(
        Optional.of(Duration.ofSeconds(3)),
        unstored,
        Optional.of(Duration.ofSeconds(5)),
        Optional.of(Duration.ofSeconds(6)));
  }
}
