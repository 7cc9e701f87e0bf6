package io.redrill.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.backup.Failures;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.DrillReportJson;
import io.redrill.verify.report.Finding;
import io.redrill.verify.report.PhaseTiming;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A drill's report, as text for people and in its stored form for programs.
public final class ReportView {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LINES_TOLD = 3;

  private ReportView() {}

  /// The report in its stored form, which `docs/reference/drill-report.md` describes.
  public static JsonNode tree(DrillReport report) {
    try {
      return MAPPER.readTree(DrillReportJson.write(report));
    } catch (IOException e) {
      throw Failures.of(e, "drill", report.id());
    }
  }

  /// A line for each of `reports`, with a heading.
  public static List<List<String>> rows(List<DrillReport> reports) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("DRILL", "SOURCE", "VERDICT", "RPO", "RTO", "SUMMARY"));
    for (DrillReport report : reports) {
      rows.add(
          List.of(
              report.id(),
              report.source(),
              report.verdict().words(),
              duration(report.measured().rpo()),
              duration(report.measured().rto()),
              Output.oneLine(report.summary())));
    }
    return rows;
  }

  /// The whole report, on a screen.
  public static void print(DrillReport report, Output output) {
    output.result("drill     " + report.id());
    output.result("verdict   " + report.verdict().words());
    output.result("          " + Output.oneLine(report.summary()));
    report
        .point()
        .ifPresent(point ->
            output.result(
                "restored  %s as of %s: snapshot %s, %s commands of log"
                    .formatted(
                        report.source(),
                        point.time(),
                        point.snapshotId(),
                        Quantity.count(point.commands()))));
    output.result("RPO       " + measured(report.measured().rpo(), report.objectives().rpo()));
    output.result(
        "RTO       "
            + measured(report.measured().rto(), report.objectives().rto())
            + report
                .measured()
                .timeToVerified()
                .map(time -> "; verified after " + Quantity.duration(time))
                .orElse(""));
    for (PhaseTiming phase : report.phases()) {
      output.result(
          "  %-14s %s%s"
              .formatted(
                  phase.phase().words(),
                  Quantity.duration(phase.duration()),
                  phase.completed() ? "" : "  (failed here)"));
    }
    for (CheckResult check : report.checks()) {
      output.result(
          "  %-7s %s: %s"
              .formatted(
                  check.outcome().name().toLowerCase(Locale.ROOT),
                  check.name(),
                  Output.oneLine(told(check))));
    }
    for (Finding finding : report.findings()) {
      output.result(
          "  %-7s %s%s"
              .formatted(
                  finding.severity().name().toLowerCase(Locale.ROOT),
                  Output.oneLine(finding.message()),
                  finding.object().map(object -> " (" + Output.oneLine(object) + ")").orElse("")));
      output.result("          next: " + finding.hint());
    }
  }

  /// What was found, and of a failed check where it differs. A check may have a line for each
  /// database; the report has all of them.
  private static String told(CheckResult check) {
    List<String> expected = check.expected().lines().toList();
    List<String> found = check.actual().lines().toList();
    return check.failed()
        ? "expected %s, found %s"
            .formatted(brief(without(expected, found)), brief(without(found, expected)))
        : brief(found);
  }

  private static List<String> without(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).toList();
  }

  private static String brief(List<String> lines) {
    if (lines.isEmpty()) {
      return "nothing";
    }
    return lines.size() <= LINES_TOLD
        ? String.join(", ", lines)
        : "%s, and %d more".formatted(lines.getFirst(), lines.size() - 1);
  }

  private static String measured(Optional<Duration> measured, Optional<Duration> objective) {
    return duration(measured)
        + objective.map(limit -> " (objective " + Quantity.duration(limit) + ")").orElse("");
  }

  private static String duration(Optional<Duration> duration) {
    return duration.map(Quantity::duration).orElse("not measured");
  }
}
