package io.redrill.cli.command;

import io.redrill.backup.recovery.RepositoryCheck;
import io.redrill.backup.repository.Repository;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Stores;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Reads and proves everything that is stored.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Read everything in the repository and prove it, without restoring.",
      "Manifests, parts, RDBs and their digests, segments and their continuity; nothing is changed."
    },
    footer = {"", "Example:", "  redrill check --repo file:/backups"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:whole",
      "5:an object is missing or damaged",
      "6:the log has a gap, or there is no snapshot"
    })
final class CheckCommand implements Callable<Integer> {

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "Only this source (default: all).")
  private @Nullable String source;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  CheckCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    try (ObjectStore store = repository.openStore()) {
      Repository opened = Repository.open(store);
      if (source == null && opened.sources().isEmpty()) {
        throw Stores.nothingBackedUp(opened);
      }
      RepositoryCheck check = new RepositoryCheck(opened);
      RepositoryCheck.Report report =
          source == null
              ? check.check()
              : check.check(repository.source(opened, source, "the argument SOURCE"));
      if (json) {
        context.output().json(tree(report));
      } else {
        print(report);
      }
      return report.status().code();
    }
  }

  private void print(RepositoryCheck.Report report) {
    Output output = context.output();
    for (RepositoryCheck.Finding finding : report.findings()) {
      output.result(finding.kind().name().toLowerCase(Locale.ROOT) + "  " + finding.object());
      output.result("  problem: " + Output.oneLine(finding.problem()));
      output.result("  spoils:  " + Output.oneLine(finding.spoils()));
    }
    output.result(
        "%s snapshots (%s of RDB) and %s segments read: %s"
            .formatted(
                Quantity.count(report.snapshots()),
                Quantity.bytes(report.rdbBytes()),
                Quantity.count(report.segments()),
                report.findings().isEmpty()
                    ? "whole"
                    : Quantity.count(report.findings().size()) + " findings"));
  }

  private static Map<String, Object> tree(RepositoryCheck.Report report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("whole", report.findings().isEmpty());
    tree.put("snapshots", report.snapshots());
    tree.put("segments", report.segments());
    tree.put("rdbBytes", report.rdbBytes());
    tree.put(
        "findings",
        report.findings().stream()
            .map(finding ->
                Map.of(
                    "kind", finding.kind().name().toLowerCase(Locale.ROOT),
                    "object", finding.object(),
                    "problem", finding.problem(),
                    "spoils", finding.spoils()))
            .toList());
    return tree;
  }
}
