package io.redrill.cli.command;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCheckReport;
import io.redrill.aof.AofCheckReport.CheckedFile;
import io.redrill.aof.AofFinding;
import io.redrill.aof.AofRecord;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Checks an append-only file or directory.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check an append-only file: its manifest, every file it names, the RDB in front to its last element,"
          + " every record.",
      "Nothing is changed. A log that ends in the middle of a write, as after a crash, is damage too."
    },
    footer = {"", "Example:", "  redrill aof check /var/lib/redis/appendonlydir"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:healthy",
      "1:not checked: memory or room for temporary files did not suffice",
      "2:the command line is wrong",
      "5:damaged",
      "6:no such file"
    })
final class AofCheckCommand implements Callable<Integer> {

  private static final int THREADS = 2;

  private final CommandContext context;

  @Mixin private AofFileArgument file = new AofFileArgument();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  AofCheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofCheckReport report = check();
    boolean healthy = report.worst() == AofFinding.Severity.NOTE;
    if (json) {
      context.output().json(tree(report, healthy));
    } else {
      print(report, healthy);
    }
    return (healthy ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED).code();
  }

  private AofCheckReport check() {
    RdbCheckOptions options =
        new RdbCheckOptions(
            Depth.ELEMENTS,
            RdbReading.DEFAULT,
            THREADS,
            Optional.of(WorkDirectory.spillLimits(context)));
    try {
      return AofCheck.check(file.in(context), options);
    } catch (IOException e) {
      throw file.failure(WorkDirectory.named(context, e, file.in(context)), ErrorCode.AOF_DAMAGED);
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
    if (!healthy) {
      output.result("next: see what a repair keeps with redrill aof repair --dry-run");
    }
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
                    "soundBytes", file.soundBytes(),
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
