package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Sources;
import io.redrill.cli.config.SourceConfig;
import io.redrill.cli.output.ManifestView;
import io.redrill.cli.output.Quantity;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Takes one snapshot now.
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Take a snapshot now: received, checked, counted, fingerprinted and stored in one pass.",
      "The log between snapshots is archived by the daemon (redrill daemon, redrill up)."
    },
    footer = {
      "",
      "Example:",
      "  redrill backup redis://127.0.0.1:6379 --name orders --repo file:/backups"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:the snapshot is stored, and every byte of it was checked",
      "1:the server could not save, or the store could not store",
      "8:the server or the store does not answer",
      "9:the server or the store refused the credentials",
      "130:interrupted; nothing of it is kept"
    })
final class BackupCommand implements Callable<Integer> {

  private static final Duration PROGRESS_EVERY = Duration.ofMillis(200);

  private final CommandContext context;
  @Mixin private RepositoryOption repository;
  @Mixin private SourceArgument source;

  @Option(names = "--json", description = "Print the new snapshot as JSON.")
  private boolean json;

  BackupCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
    this.source = new SourceArgument(context);
  }

  @Override
  public Integer call() throws IOException {
    SourceConfig config = source.resolve(repository);
    try (ObjectStore store = repository.openStore()) {
      SecureRandom random = new SecureRandom();
      Repository opened = Repository.init(store, context.clock(), random);
      long start = System.nanoTime();
      SnapshotTaker taker =
          new SnapshotTaker(
              opened, PartOptions.DEFAULT, context.clock(), random, new Progress(start)::show);
      context.output().message("taking a snapshot of " + config.url());
      Manifest manifest =
          taker.take(config.name(), Sources.of(config, context.environment(), context.clock()));
      context.output().endProgress();
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      if (json) {
        context.output().json(ManifestView.tree(manifest));
      } else {
        print(manifest, taken);
      }
    }
    return ExitStatus.PROVEN.code();
  }

  private void print(Manifest manifest, Duration taken) {
    context
        .output()
        .message(
            "%s keys, %s as RDB, %s stored, in %s (%s)"
                .formatted(
                    Quantity.count(manifest.dataset().keys()),
                    Quantity.bytes(manifest.rdb().bytes()),
                    Quantity.bytes(manifest.storedBytes()),
                    Quantity.duration(taken),
                    Quantity.rate(manifest.rdb().bytes(), taken)));
    context.output().result(manifest.id().value());
  }

  /// Shows how far it is, a few times a second.
  private final class Progress {

    private final long start;
    private long shown;

    Progress(long start) {
      this.start = start;
      this.shown = start;
    }

    void show(long rdbBytes, long keys) {
      long now = System.nanoTime();
      if (now - shown >= PROGRESS_EVERY.toNanos()) {
        shown = now;
        context
            .output()
            .progress(
                "%s keys, %s, %s"
                    .formatted(
                        Quantity.count(keys),
                        Quantity.bytes(rdbBytes),
                        Quantity.rate(rdbBytes, Duration.ofNanos(now - start))));
      }
    }
  }
}
