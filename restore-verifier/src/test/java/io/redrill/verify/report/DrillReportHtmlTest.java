package io.redrill.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DrillReportHtmlTest {

  @Test
  void tellsTheStoryInTheOrderOfAnAuditorsQuestions() {
    String page = DrillReportHtml.write(SampleReports.passed("20261124T001007Z-0a1b2c3d"));

    assertThat(page)
        .containsSubsequence(
            "<h1>shop</h1>",
            "Passed",
            "Recovery of shop would work",
            "Not shown by this drill",
            "Measured RPO",
            "2.10 s",
            "objective 5 min: met",
            "Measured RTO",
            "4.21 s",
            "48.8 MB at 30.3 MB/s",
            "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "snapshot digest",
            "skipped",
            "Environment",
            "log-tail-open",
            "Integrity");
  }

  @Test
  void needsNoOtherFileAndRunsNoScript() {
    String page = DrillReportHtml.write(SampleReports.passed("20261124T001007Z-0a1b2c3d"));

    assertThat(page).doesNotContain("<script", "<link", "<img", "@import", "url(", "http");
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void everyVerdictHasAPage(Verdict verdict) {
    String page = DrillReportHtml.write(SampleReports.report("id", verdict, "shop"));

    assertThat(page.toLowerCase(java.util.Locale.ROOT)).contains(verdict.words());
  }

  @Test
  void hostileTextCannotLeaveItsPlaceOnThePage() {
    String hostile = "</title><script>alert('1')</script>\"'&\u202e\u0000\u001b[31m";
    DrillReport report =
        new DrillReport(
            1,
            hostile,
            hostile,
            hostile,
            hostile,
            SampleReports.START,
            SampleReports.START.plusMillis(1),
            Verdict.NOT_RECOVERED,
            5,
            hostile,
            Optional.of(
                new RestoredPoint(
                    hostile,
                    hostile,
                    SampleReports.START,
                    hostile,
                    SampleReports.START,
                    hostile,
                    1,
                    1,
                    1)),
            List.of(hostile),
            List.of(hostile),
            RecoveryObjectives.none(),
            Measured.nothing(),
            List.of(),
            List.of(new CustodyEntry(hostile, hostile, 1, hostile, false)),
            List.of(CheckResult.comparing(hostile, hostile, true, hostile, hostile)),
            List.of(new KeyCount(0, hostile, 1, 2)),
            List.of(new DrillReport.Fact(hostile, hostile)),
            List.of(
                new Finding(
                    Finding.Severity.ERROR, hostile, hostile, Optional.of(hostile), hostile)),
            Optional.of(new DrillReport.Previous(hostile, hostile)));

    String page = DrillReportHtml.write(report);

    assertThat(page).doesNotContain("<script", "alert('1')", "\u202e", "\u0000", "\u001b");
    assertThat(Pattern.compile("</title>").matcher(page).results().count()).isEqualTo(1);
    assertThat(page).contains("&lt;script&gt;alert(&#39;1&#39;)", "\\u202e");
  }

  @Test
  void manySegmentsAreToldAsOneLineExceptThoseThatAreDamaged() {
    List<CustodyEntry> segments = new ArrayList<>();
    for (int i = 0; i < 3_600; i++) {
      segments.add(
          new CustodyEntry(
              "shop/log/8371/" + i + ".aof.zst", "segment", 1_000, "ab" + i, i != 1_807));
    }
    String page =
        DrillReportHtml.write(
            SampleReports.report("20261124T001007Z-0a1b2c3d", Verdict.PASSED, "shop", segments));

    assertThat(page).contains("3,599 segments of the log", "3.6 MB", "shop/log/8371/1807.aof.zst");
    assertThat(page).doesNotContain("shop/log/8371/1806.aof.zst");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0 ms",
    "PT0.999S,999 ms",
    "PT1S,1 s",
    "PT59.99S,59.99 s",
    "PT1M,1 min",
    "PT59M59S,59 min 59 s",
    "PT1H2M,1 h 2 min",
    "P1D,1 d",
    "P400DT5H,400 d 5 h"
  })
  void durationsShowTheUnitsThatMatter(Duration duration, String text) {
    assertThat(PageText.duration(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "999949,999.9 kB", "48771233,48.8 MB"})
  void bytesShowTheUnitThatFits(long bytes, String text) {
    assertThat(PageText.bytes(bytes)).isEqualTo(text);
  }
}
