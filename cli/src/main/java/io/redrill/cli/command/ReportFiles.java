package io.redrill.cli.command;

import io.redrill.backup.Failures;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.DrillReportHtml;
import io.redrill.verify.report.DrillReportJson;
import io.redrill.verify.report.DrillReportJunit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a drill report as files.
final class ReportFiles {

  private ReportFiles() {}

  /// Writes `report.json`, `report.html` and `report.junit.xml` into `directory`, which is created;
  /// a report that is there already is replaced. Returns the path of the page.
  static Path write(DrillReport report, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve("report.json"), DrillReportJson.write(report));
      Files.writeString(directory.resolve("report.junit.xml"), DrillReportJunit.write(report));
      Path html = directory.resolve("report.html");
      Files.writeString(html, DrillReportHtml.write(report), StandardCharsets.UTF_8);
      return html;
    } catch (IOException e) {
      throw Failures.of(e, "directory", directory);
    }
  }
}
