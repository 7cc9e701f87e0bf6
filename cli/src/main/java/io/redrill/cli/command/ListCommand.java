package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryWindow;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Stores;
import io.redrill.cli.output.ManifestView;
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
    footer = {"", "Example:", "  redrill list --repo file:/backups"})
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
          source == null ? opened.sources() : List.of(repository.source(opened, source));
      if (sources.isEmpty()
          || sources.stream().allMatch(each -> opened.snapshots(each).isEmpty())) {
        throw Stores.nothingBackedUp(opened);
      }
      if (json) {
        context
            .output()
            .json(Map.of("sources", sources.stream().map(each -> tree(opened, each)).toList()));
      } else {
        sources.forEach(each -> print(opened, each));
      }
    }
    return ExitStatus.PROVEN.code();
  }

  private void print(Repository opened, SourceName name) {
    context.output().result(name.value());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("  SNAPSHOT", "TAKEN AT", "KEYS", "RDB", "STORED", "SERVER"));
    for (Manifest manifest : opened.manifests(name)) {
      rows.add(
          List.of(
              "  " + manifest.id(),
              manifest.takenAt().toString(),
              Quantity.count(manifest.dataset().keys()),
              Quantity.bytes(manifest.rdb().bytes()),
              Quantity.bytes(manifest.storedBytes()),
              manifest.server().product() + " " + manifest.server().version()));
    }
    context.output().table(rows);
    for (RecoveryWindow window : new RecoveryPlanner(opened, name).windows()) {
      context
          .output()
          .result(
              "  restorable  %s  to  %s%s"
                  .formatted(
                      window.from(),
                      window.to(),
                      window
                          .end()
                          .map(end -> "  (log to offset " + end.offset() + ")")
                          .orElse("")));
    }
  }

  private static Map<String, Object> tree(Repository opened, SourceName name) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", name.value());
    tree.put("snapshots", opened.manifests(name).stream().map(ManifestView::summary).toList());
    tree.put(
        "windows",
        new RecoveryPlanner(opened, name).windows().stream().map(ListCommand::window).toList());
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
}
