package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.LogGap;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryWindow;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Stores;
import io.redrill.cli.output.ManifestView;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists what can be restored.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "List the snapshots of each source, and the windows of time that can be restored.",
    footer = {"", "Example:", "  redrill list --repo file:/backups"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:there is something to restore",
      "5:an object is damaged; what does not need it is listed",
      "6:nothing was backed up"
    })
final class ListCommand implements Callable<Integer> {

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "Only this source (default: all).")
  private @Nullable String source;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  ListCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    try (ObjectStore store = repository.openStore()) {
      Repository opened = Repository.open(store);
      List<SourceName> sources =
          source == null
              ? opened.sources()
              : List.of(repository.source(opened, source, "the argument SOURCE"));
      List<RecoveryPlanner> planners =
          sources.stream().map(each -> new RecoveryPlanner(opened, each)).toList();
      List<RedrillException> damage =
          planners.stream().flatMap(each -> each.damage().stream()).toList();
      if (damage.isEmpty() && planners.stream().allMatch(each -> each.snapshots().isEmpty())) {
        throw Stores.nothingBackedUp(opened);
      }
      if (json) {
        context.output().json(Map.of("sources", planners.stream().map(ListCommand::tree).toList()));
      } else {
        planners.forEach(this::print);
      }
      damage.forEach(each -> CommandLines.print(each, context.output()));
      return (damage.isEmpty() ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED).code();
    }
  }

  private void print(RecoveryPlanner planner) {
    Output output = context.output();
    output.result(planner.source().value());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("  SNAPSHOT", "TAKEN AT", "KEYS", "RDB", "STORED", "SERVER"));
    for (Manifest manifest : planner.snapshots()) {
      rows.add(
          List.of(
              "  " + manifest.id(),
              manifest.takenAt().toString(),
              Quantity.count(manifest.dataset().keys()),
              Quantity.bytes(manifest.rdb().bytes()),
              Quantity.bytes(manifest.storedBytes()),
              manifest.server().product() + " " + manifest.server().version()));
    }
    output.table(rows);
    for (RecoveryWindow window : planner.windows()) {
      output.result(
          "  restorable  %s  to  %s%s"
              .formatted(
                  window.from(),
                  window.to(),
                  window.end().map(end -> "  (log to offset " + end.offset() + ")").orElse("")));
    }
    for (LogGap gap : planner.gaps()) {
      output.result(
          "  gap         %s  to  %s  (bytes %d to %d of the log are missing)"
              .formatted(gap.after(), gap.before(), gap.first(), gap.end()));
    }
  }

  private static Map<String, Object> tree(RecoveryPlanner planner) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", planner.source().value());
    tree.put("snapshots", planner.snapshots().stream().map(ManifestView::summary).toList());
    tree.put("windows", planner.windows().stream().map(ListCommand::window).toList());
    tree.put("gaps", planner.gaps().stream().map(ListCommand::gap).toList());
    tree.put("damage", planner.damage().stream().map(RedrillException::context).toList());
    return tree;
  }

  private static Map<String, Object> window(RecoveryWindow window) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("from", window.from().toString());
    tree.put("to", window.to().toString());
    window
        .end()
        .ifPresent(end -> {
          tree.put("timeline", end.timeline());
          tree.put("endOffset", end.offset());
        });
    tree.put("snapshots", window.snapshots().stream().map(id -> id.value()).toList());
    return tree;
  }

  private static Map<String, Object> gap(LogGap gap) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("from", gap.after().toString());
    tree.put("to", gap.before().toString());
    tree.put("timeline", gap.timeline());
    tree.put("firstOffset", gap.first());
    tree.put("endOffset", gap.end());
    return tree;
  }
}
