package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord.Checksum;
import io.redrill.rdb.check.Finding;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Checks an RDB file.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check an RDB file: structure, checksum, every packed encoding to its last element, and that no key"
          + " and no member of a collection stands twice.",
      "Nothing is changed. Memory is bounded; of many keys, and of many members, temporary files are made"
          + " below REDRILL_WORK."
    },
    footer = {"", "Example:", "  redrill rdb check /var/lib/redis/dump.rdb"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:sound; there may be warnings",
      "1:not checked: memory or room for temporary files did not suffice",
      "2:the command line is wrong",
      "5:damaged",
      "6:no such file"
    })
final class RdbCheckCommand implements Callable<Integer> {

  private static final int MOST_THREADS = 64;

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Option(
      names = "--structure",
      description = "Only the records and the checksum: much faster, without a look into values.")
  private boolean structure;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many threads look into values (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--dump",
      description = "FILE holds what DUMP answered for one key, which RESTORE takes, and no RDB.")
  private boolean dump;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--big-endian-expiries",
      description = {
        "Read expiries of files before version 9 as a big-endian machine wrote them; the check says"
            + " where that seems to be needed."
      })
  private boolean bigEndianExpiries;

  @Spec private CommandSpec spec = CommandSpec.create();

  RdbCheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new ParameterException(
          spec.commandLine(), "--threads: choose from 1 to " + MOST_THREADS + ", not " + threads);
    }
    Checked checked = check();
    RdbCheckReport report = checked.report();
    if (json) {
      context.output().json(tree(checked));
    } else {
      print(checked);
    }
    return (report.isSound() ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED).code();
  }

  /// What was found.
  private record Checked(
      Optional<RdbContainer> container, RdbCheckReport report, List<Finding> findings) {}

  private Checked check() {
    try (RdbPass pass = open()) {
      RdbCheckReport report =
          RdbCheck.checkFile(
              pass.in(),
              new RdbCheckOptions(
                  structure ? Depth.STRUCTURE : Depth.ELEMENTS,
                  new RdbReading(bigEndianExpiries),
                  threads,
                  Optional.of(WorkDirectory.spillLimits(context))));
      List<Finding> findings = new ArrayList<>(report.findings());
      if (pass.endsEarly()) {
        findings.add(
            new Finding(
                Finding.Severity.WARNING,
                pass.in().offset(),
                OptionalInt.empty(),
                Optional.empty(),
                RdbPass.ENDS_EARLY));
      }
      return new Checked(pass.container(), report, findings);
    } catch (IOException e) {
      throw RdbFailure.of(
          WorkDirectory.named(context, e, file.path()), file.path(), ErrorCode.RDB_DAMAGED);
    }
  }

  private RdbPass open() throws IOException {
    return dump
        ? RdbPass.openDump(context, file.path(), "checking")
        : RdbPass.openDamaged(context, file.path(), "checking");
  }

  private void print(Checked checked) {
    Output output = context.output();
    RdbCheckReport report = checked.report();
    checked
        .container()
        .ifPresent(container ->
            output.result(
                "in %s; sizes and offsets are those of the RDB".formatted(container.words())));
    report
        .header()
        .ifPresent(header ->
            output.result(
                "RDB version %d (%s)"
                    .formatted(
                        header.version(), header.dialect().name().toLowerCase(Locale.ROOT))));
    report
        .end()
        .ifPresent(end ->
            output.result(
                Quantity.bytes(end.offset())
                    + ", checksum "
                    + end.checksum().name().toLowerCase(Locale.ROOT)
                    + (end.checksum() == Checksum.UNCHECKED
                        ? " (the writer had checksums off: a changed value can go unnoticed)"
                        : "")));
    output.result(
        Quantity.count(report.entryCount(), "key", "keys")
            + (structure
                ? ", their values not looked at"
                : ", digest " + report.digest().fingerprint().hex()));
    report
        .entries()
        .forEach((type, count) -> output.result("  " + type + "  " + Quantity.count(count)));
    for (Finding finding : checked.findings()) {
      output.result(line(finding));
    }
    output.result(
        report.isSound()
            ? "sound"
            : "damaged: " + Quantity.count(report.errors(), "error", "errors"));
    if (!report.isSound() && !dump) {
      output.result(
          "next: take another copy, or save what can be saved with redrill rdb salvage FILE --to OUT");
    }
  }

  private static String line(Finding finding) {
    return "%s at offset %d%s: %s"
        .formatted(
            finding.severity().name().toLowerCase(Locale.ROOT),
            finding.offset(),
            finding
                .key()
                .map(key ->
                    "%s, key %s"
                        .formatted(
                            finding.db().isPresent() ? ", database " + finding.db().getAsInt() : "",
                            Output.oneLine(key)))
                .orElse(""),
            Output.oneLine(finding.sentence()));
  }

  private Map<String, Object> tree(Checked checked) {
    RdbCheckReport report = checked.report();
    Map<String, Object> tree = new LinkedHashMap<>();
    checked.container().ifPresent(container -> tree.put("container", container.id()));
    tree.put("sound", report.isSound());
    report
        .header()
        .ifPresent(header -> {
          tree.put("version", header.version());
          tree.put("dialect", header.dialect().name().toLowerCase(Locale.ROOT));
        });
    report
        .end()
        .ifPresent(end -> {
          tree.put("bytes", end.offset());
          tree.put("checksum", end.checksum().name().toLowerCase(Locale.ROOT));
        });
    tree.put("keys", report.entryCount());
    tree.put("elementsChecked", !structure);
    tree.put("digest", report.digest().fingerprint().hex());
    Map<String, Object> types = new LinkedHashMap<>();
    report.entries().forEach((type, count) -> types.put(type.name(), count));
    tree.put("types", types);
    tree.put("errors", report.errors());
    tree.put("findings", checked.findings().stream().map(RdbCheckCommand::finding).toList());
    return tree;
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    tree.put("offset", finding.offset());
    finding.db().ifPresent(db -> tree.put("db", db));
    finding.key().ifPresent(key -> tree.put("key", key));
    tree.put("sentence", finding.sentence());
    return tree;
  }
}
