package io.redrill.verify.report;

import static io.redrill.verify.report.PageText.escape;

import java.time.Duration;
import java.util.Locale;

/// A report as JUnit XML, for build servers: one test case per check, and one for the verdict.
public final class DrillReportJunit {

  private DrillReportJunit() {}

  /// The whole document. The case `verdict` fails unless the drill passed.
  public static String write(DrillReport report) {
    boolean passed = report.verdict() == Verdict.PASSED;
    long failed = report.checks().stream().filter(CheckResult::failed).count() + (passed ? 0 : 1);
    long skipped =
        report.checks().stream()
            .filter(check -> check.outcome() == CheckResult.Outcome.SKIPPED)
            .count();
    StringBuilder xml = new StringBuilder(1024);
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append(
        "<testsuite name=\"drill of %s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" timestamp=\"%s\" time=\"%s\">\n"
            .formatted(
                escape(report.source()),
                report.checks().size() + 1,
                failed,
                skipped,
                report.startedAt(),
                seconds(report.duration())));
    testCase(xml, "verdict", passed ? "" : failure(report.verdict().words(), report.summary()));
    for (CheckResult check : report.checks()) {
      testCase(xml, check.name(), body(check));
    }
    return xml.append("</testsuite>\n").toString();
  }

  private static String body(CheckResult check) {
    return switch (check.outcome()) {
      case PASSED -> "";
      case FAILED ->
          failure("expected " + check.expected() + ", found " + check.actual(), check.proves());
      case SKIPPED -> "<skipped message=\"%s\"/>".formatted(escape(check.actual()));
    };
  }

  private static String failure(String message, String text) {
    return "<failure message=\"%s\">%s</failure>".formatted(escape(message), escape(text));
  }

  private static void testCase(StringBuilder xml, String name, String body) {
    xml.append("  <testcase classname=\"drill\" name=\"%s\"".formatted(escape(name)))
        .append(body.isEmpty() ? "/>\n" : ">" + body + "</testcase>\n");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }
}
