package io.redrill.cli.command;

import io.redrill.aof.LogCut;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Engines;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a recovery point real again.
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Restore a recovery point to an RDB file, a data directory, or a running server.",
      "Everything is staged and proved first. Files that exist are never overwritten, and a server"
          + " is never emptied first."
    },
    footer = {
      "",
      "Examples:",
      "  export REDRILL_REPO=file:/backups",
      "  redrill restore latest --to /tmp/latest.rdb",
      "  redrill restore --at 2026-11-24T02:41:00Z --to /var/lib/redis-new",
      "  redrill restore --before FLUSHALL --to redis://127.0.0.1:6379 --replace"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:restored, and proven on the way",
      "3:restored but for what the messages name",
      "4:the target exists or holds data; nothing was changed",
      "5:an object is damaged, or the target holds something else afterwards",
      "6:no such snapshot, or no recovery point covers the moment",
      "8:the store or the target does not answer",
      "9:the store or the target refused the credentials",
      "130:interrupted"
    })
final class RestoreCommand implements Callable<Integer> {

  private static final String TARGET_PASSWORD = "REDRILL_TARGET_PASSWORD";

  /// What a server has where its setting `databases` was not changed.
  private static final int USUAL_DATABASES = 16;

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(
      arity = "0..1",
      paramLabel = "latest|SNAPSHOT",
      description = "The newest recovery point, or a snapshot by its id, without the log after it.")
  private @Nullable String point;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "Everything received up to this instant, such as 2026-11-24T02:41:00Z.")
  private @Nullable String at;

  @Option(
      names = "--offset",
      paramLabel = "N",
      description = "Every command that ends at this replication offset or before.")
  private @Nullable Long offset;

  @Option(
      names = "--before",
      paramLabel = "COMMAND",
      description =
          "Just before a command of the log: FLUSHALL, or with a key pattern: 'DEL user:*'.")
  private @Nullable String before;

  @Option(
      names = "--nth",
      paramLabel = "N",
      defaultValue = "1",
      description = "With --before: the n-th match, from the oldest (default: 1).")
  private int nth;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE.rdb|DIR|redis://...",
      description =
          "Where to; the password of a server in the variable REDRILL_TARGET_PASSWORD. With TLS"
              + " rediss://, as for sources.")
  private String to = "";

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "Whose backup, where the repository holds several sources.")
  private @Nullable String source;

  @Option(
      names = "--replace",
      description =
          "Let a running server's own keys and functions be overwritten, and removed where the"
              + " recovery point does not have them.")
  private boolean replace;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RestoreCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    RecoveryRequest request = request();
    RestoreTarget target = target();
    try (ObjectStore store = repository.openStore()) {
      Repository opened = Repository.open(store);
      SourceName name = sourceOf(opened, request);
      RecoveryPlan plan = new RecoveryPlanner(opened, name).plan(request);
      context
          .output()
          .message(
              "restoring %s from snapshot %s%s"
                  .formatted(
                      name,
                      plan.snapshot().id(),
                      plan.needsReplay()
                          ? " and "
                              + Quantity.count(plan.segments().size(), "segment", "segments")
                              + " of log"
                          : ""));
      Restore restore =
          new Restore(opened, Engines.replay(context), context.clock(), new SecureRandom());
      RestoreReport report = restore.restore(plan, target);
      if (json) {
        context.output().json(tree(report));
      } else {
        print(report);
      }
      return (report.isComplete() ? ExitStatus.PROVEN : ExitStatus.PARTIAL).code();
    }
  }

  /// A snapshot's id says whose it is; else the source has to be named where there are several.
  private SourceName sourceOf(Repository opened, RecoveryRequest request) {
    if (source == null && request instanceof RecoveryRequest.AtSnapshot(SnapshotId id)) {
      return opened
          .find(id)
          .orElseThrow(() -> new RedrillException(ErrorCode.SNAPSHOT_NOT_FOUND, "snapshot", id))
          .source();
    }
    return repository.source(opened, source, "--source");
  }

  private RecoveryRequest request() {
    long given =
        java.util.stream.Stream.of(
                Optional.ofNullable(point),
                Optional.ofNullable(at),
                Optional.ofNullable(offset),
                Optional.ofNullable(before))
            .filter(Optional::isPresent)
            .count();
    if (given != 1) {
      throw repository.usage(
          "name one recovery point: latest, a snapshot, --at TIME, --offset N or --before COMMAND");
    }
    if (at != null) {
      return new RecoveryRequest.AtTime(MomentArgument.parse(at));
    }
    if (offset != null) {
      return new RecoveryRequest.AtOffset(Optional.empty(), offset);
    }
    if (before != null) {
      try {
        return new RecoveryRequest.Before(LogCut.BeforeMatch.of(before, nth));
      } catch (IllegalArgumentException e) {
        throw repository.usage("--before: " + e.getMessage());
      }
    }
    return "latest".equals(point)
        ? new RecoveryRequest.Latest()
        : new RecoveryRequest.AtSnapshot(SnapshotId.of(String.valueOf(point)));
  }

  private RestoreTarget target() {
    if (SourceUrl.isSourceUrl(to)) {
      Optional<String> password = Optional.ofNullable(context.environment().get(TARGET_PASSWORD));
      return new RestoreTarget.LiveServer(
          serverUrl().endpoint(password), replace, Engines.workDirectory(context));
    }
    if (replace) {
      throw repository.usage("--replace goes with a running server; files are never overwritten");
    }
    if (to.isBlank() || to.contains("://")) {
      throw new RedrillException(ErrorCode.BAD_TARGET, "target", to);
    }
    Path path = context.directory().resolve(to);
    return to.toLowerCase(Locale.ROOT).endsWith(".rdb")
        ? new RestoreTarget.RdbFile(path)
        : new RestoreTarget.DataDirectory(path);
  }

  private SourceUrl serverUrl() {
    try {
      return SourceUrl.parse(to).in(context.directory());
    } catch (RedrillException e) {
      throw e.code() == ErrorCode.BAD_SOURCE_URL
          ? RedrillException.causedBy(
              e,
              ErrorCode.BAD_TARGET,
              "target",
              e.context().getOrDefault("url", ""),
              "problem",
              e.context().getOrDefault("problem", "it is no URL of a server"))
          : e;
    }
  }

  private void print(RestoreReport report) {
    Output output = context.output();
    output.result(
        "restored to " + Output.oneLine(to) + " in " + Quantity.duration(report.duration()));
    output.result(
        "  snapshot  %s keys, taken at %s"
            .formatted(
                Quantity.count(report.plan().snapshot().dataset().keys()),
                report.plan().snapshot().takenAt()));
    report
        .log()
        .ifPresent(log ->
            output.result(
                "  log       %s commands, to offset %d%s"
                    .formatted(
                        Quantity.count(log.commands()),
                        log.offset(),
                        log.time()
                            .map(mark -> ", " + Instant.ofEpochMilli(mark.unixMillis()))
                            .orElse(""))));
    report
        .server()
        .ifPresent(server -> {
          output.result(
              "  server    %s written, %s removed"
                  .formatted(
                      Quantity.count(server.restored(), "key", "keys"),
                      Quantity.count(server.removed())));
          if (server.functions() + server.removedFunctions() > 0) {
            output.result(
                "  functions %s loaded, %s removed"
                    .formatted(
                        Quantity.count(server.functions(), "library", "libraries"),
                        Quantity.count(server.removedFunctions())));
          }
          server.unrestored().forEach(what -> output.message("not restored: " + what));
        });
    if (!SourceUrl.isSourceUrl(to) && !to.toLowerCase(Locale.ROOT).endsWith(".rdb")) {
      output.result(
          "  start     redis-server --dir " + to + " --appendonly yes" + databases(report));
    }
  }

  /// A server refuses to start from data in more databases than it is set up for.
  private static String databases(RestoreReport report) {
    int needed =
        report.plan().snapshot().dataset().databases().stream()
            .mapToInt(database -> database.db() + 1)
            .max()
            .orElse(0);
    return needed > USUAL_DATABASES ? " --databases " + needed : "";
  }

  private static Map<String, Object> tree(RestoreReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", report.plan().source().value());
    tree.put("snapshot", report.plan().snapshot().id().value());
    tree.put("snapshotTakenAt", report.plan().snapshot().takenAt().toString());
    tree.put("snapshotKeys", report.plan().snapshot().dataset().keys());
    tree.put("segments", report.plan().segments().size());
    report
        .log()
        .ifPresent(log -> {
          tree.put("commands", log.commands());
          tree.put("offset", log.offset());
          log.time()
              .ifPresent(mark ->
                  tree.put("lastWriteAt", Instant.ofEpochMilli(mark.unixMillis()).toString()));
        });
    report
        .server()
        .ifPresent(server -> {
          tree.put("keysWritten", server.restored());
          tree.put("keysRemoved", server.removed());
          tree.put("functionLibrariesLoaded", server.functions());
          tree.put("functionLibrariesRemoved", server.removedFunctions());
          tree.put("notRestored", server.unrestored());
        });
    tree.put("complete", report.isComplete());
    tree.put("milliseconds", report.duration().toMillis());
    return tree;
  }
}
