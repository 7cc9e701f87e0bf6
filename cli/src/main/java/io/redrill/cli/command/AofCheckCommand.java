package io.redrill.cli.command;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCheckReport;
import io.redrill.aof.AofCheckReport.CheckedFile;
import io.redrill.aof.AofFinding;
import io.redrill.aof.AofRecord;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks an append-only file or directory.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check an append-only file: its manifest, every file it names, the RDB in front, every record.",
      "Nothing is changed. A log that ends in the middle of a write, as after a crash, is damage too."
    },
    footer = {"", "Example:", "  redrill aof check /var/lib/redis/appendonlydir"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {"0:healthy", "5:damaged", "6:no such file"})
final class AofCheckCommand implements Callable<Integer> {

  private final CommandContext context;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "A single file, an appendonlydir, or the server's directory that holds one.")
  private Path path = Path.of("");

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  AofCheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofCheckReport report = check(context.directory().resolve(path));
    boolean healthy = report.worst() == AofFinding.Severity.NOTE;
    if (json) {
      context.output().json(tree(report, healthy));
    } else {
      print(report, healthy);
    }
    return (healthy ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED).code();
  }

  private static AofCheckReport check(Path path) {
    try {
      return AofCheck.check(path);
    } catch (NoSuchFileException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.FILE_NOT_FOUND, "file", path, "problem", String.valueOf(e.getReason()));
    } catch (IOException e) {
      throw Failures.of(e, "file", path);
    }
  }

  private void print(AofCheckReport report, boolean healthy) {
    Output output = context.output();
    for (CheckedFile file : report.files()) {
      output.result(
          "%s  %s, %s keys, %s commands%s"
              .formatted(
                  Output.oneLine(file.name()),
                  Quantity.bytes(file.sizeBytes()),
                  Quantity.count(file.keys()),
                  Quantity.count(file.commands()),
                  file.firstTime()
                      .flatMap(first -> file.lastTime().map(last -> span(first, last)))
                      .orElse("")));
    }
    for (AofFinding finding : report.findings()) {
      output.result(
          "%s  %s at offset %d: %s%s"
              .formatted(
                  finding.severity().name().toLowerCase(Locale.ROOT),
                  Output.oneLine(finding.file()),
                  finding.offset(),
                  Output.oneLine(finding.problem()),
                  finding.lostBytes() > 0
                      ? " (" + Quantity.bytes(finding.lostBytes()) + " from there on)"
                      : ""));
    }
    output.result(healthy ? "healthy" : "damaged");
  }

  private static String span(AofRecord.TimeMark first, AofRecord.TimeMark last) {
    return ", "
        + Instant.ofEpochMilli(first.unixMillis())
        + " to "
        + Instant.ofEpochMilli(last.unixMillis());
  }

  private static Map<String, Object> tree(AofCheckReport report, boolean healthy) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("healthy", healthy);
    tree.put(
        "files",
        report.files().stream()
            .map(file ->
                Map.of(
                    "name", file.name(),
                    "bytes", file.sizeBytes(),
                    "keys", file.keys(),
                    "commands", file.commands()))
            .toList());
    tree.put(
        "findings",
        report.findings().stream()
            .<Map<String, Object>>map(finding ->
                Map.of(
                    "severity", finding.severity().name().toLowerCase(Locale.ROOT),
                    "file", finding.file(),
                    "offset", finding.offset(),
                    "problem", finding.problem(),
                    "lostBytes", finding.lostBytes()))
            .toList());
    return tree;
  }
}
