package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.ManifestView;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows one snapshot as its manifest describes it.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show what a snapshot holds, where it stands in the log, and how it is stored.",
    footer = {"", "Example:", "  redrill show 20261124T024100.123Z-9f3c2a1b --repo file:/backups"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {"0:shown", "5:the manifest is damaged", "6:no such snapshot"})
final class ShowCommand implements Callable<Integer> {

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(paramLabel = "SNAPSHOT", description = "An id from redrill list.")
  private String snapshot = "";

  @Option(names = "--json", description = "Print the manifest as JSON.")
  private boolean json;

  ShowCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    try (ObjectStore store = repository.openStore()) {
      SnapshotId id = SnapshotId.of(snapshot);
      Manifest manifest =
          Repository.open(store)
              .find(id)
              .orElseThrow(
                  () -> new RedrillException(ErrorCode.SNAPSHOT_NOT_FOUND, "snapshot", id));
      if (json) {
        context.output().json(ManifestView.tree(manifest));
      } else {
        ManifestView.print(manifest, context.output());
      }
    }
    return ExitStatus.PROVEN.code();
  }
}
