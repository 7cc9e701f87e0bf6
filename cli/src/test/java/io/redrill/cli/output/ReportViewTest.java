package io.redrill.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a terminal shows of a check that has a line for each of many databases.
class ReportViewTest {

  private static final String FIVE = "db 0: a\ndb 1: b\ndb 2: c\ndb 3: d\ndb 4: e";

  @Test
  void aPassedCheckIsOneShortLine() {
    assertThat(printed(check(true, FIVE, FIVE))).contains("digests: db 0: a, and 4 more");
    assertThat(printed(check(true, "db 0: a\ndb 1: b", "db 0: a\ndb 1: b")))
        .contains("digests: db 0: a, db 1: b");
  }

  @Test
  void aFailedCheckShowsWhereItDiffers() {
    assertThat(printed(check(false, FIVE, FIVE.replace("db 3: d", "db 3: x"))))
        .contains("digests: expected db 3: d, found db 3: x");
    assertThat(printed(check(false, FIVE, FIVE.replace("\ndb 4: e", ""))))
        .contains("digests: expected db 4: e, found nothing");
  }

  private static CheckResult check(boolean passed, String expected, String found) {
    CheckResult.Outcome outcome = passed ? CheckResult.Outcome.PASSED : CheckResult.Outcome.FAILED;
    return new CheckResult("digests", "The data is the same.", true, expected, found, outcome);
  }

  private static String printed(CheckResult check) {
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(results, true, StandardCharsets.UTF_8);
    ReportView.print(
        new DrillReport(
            DrillReport.VERSION,
            "20261124T001007.000Z-0a1b2c3d",
            "shop",
            "file:/backups",
            "command",
            Instant.EPOCH,
            Instant.EPOCH,
            Verdict.PASSED,
            0,
            "a sentence",
            Optional.empty(),
            List.of(),
            List.of(),
            RecoveryObjectives.none(),
            Measured.nothing(),
            List.of(),
            List.of(),
            List.of(check),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty()),
        new Output(stream, stream, false));
    return results.toString(StandardCharsets.UTF_8);
  }
}
