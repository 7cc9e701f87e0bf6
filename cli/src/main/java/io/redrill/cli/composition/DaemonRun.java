package io.redrill.cli.composition;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.recovery.RepositoryCheck;
import io.redrill.backup.repository.Repository;
import io.redrill.cli.config.Configuration;
import io.redrill.cli.config.SourceConfig;
import io.redrill.cli.daemon.Daemon;
import io.redrill.cli.daemon.DaemonParts;
import io.redrill.cli.output.Output;
import io.redrill.scheduler.job.CheckJob;
import io.redrill.scheduler.job.DrillJob;
import io.redrill.scheduler.job.Job;
import io.redrill.server.Signals;
import io.redrill.verify.Drill;
import io.redrill.verify.DrillOptions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A daemon in the foreground of a terminal or a service manager, until a signal ends it.
public final class DaemonRun implements AutoCloseable {

  private final Daemon daemon;
  private final Configuration configuration;
  private final Output output;
  private final CountDownLatch asked = new CountDownLatch(1);

  private DaemonRun(Daemon daemon, Configuration configuration, Output output) {
    this.daemon = daemon;
    this.configuration = configuration;
    this.output = output;
  }

  /// Starts the daemon that `configuration` describes. From now on SIGTERM and SIGINT end it in
  /// order instead of ending the process.
  public static DaemonRun start(Configuration configuration, CommandContext context) {
    DaemonParts parts =
        new DaemonParts(
            url -> Stores.open(url, context.directory()),
            source -> Sources.of(source, context.environment(), context.clock()),
            BuildVersion.text(),
            context.clock(),
            new SecureRandom());
    Daemon daemon =
        Daemon.start(
            configuration, parts, (source, repository) -> proofs(source, repository, context));
    DaemonRun run = new DaemonRun(daemon, configuration, context.output());
    Signals.handle("TERM", _ -> run.asked.countDown());
    Signals.handle("INT", _ -> run.asked.countDown());
    return run;
  }

  /// The jobs that prove what is stored of `source`; every source has them, scheduled or not.
  private static List<Job> proofs(
      SourceConfig source, Repository repository, CommandContext context) {
    DrillOptions options =
        DrillOptions.of(source.name().value(), Engines.workDirectory(context))
            .withScratch(source.scratch())
            .withAssertions(source.assertions())
            .withObjectives(source.objectives());
    Drill drill = new Drill(repository, context.clock(), System::nanoTime, new SecureRandom());
    ServerEndpoint live = source.url().endpoint(source.password().fetch(context.environment()));
    return List.of(
        new DrillJob(source.name(), drill, options, live),
        new CheckJob(source.name(), new RepositoryCheck(repository)));
  }

  /// Prints what runs where.
  public void describe() {
    output.result("  console     " + daemon.consoleUrl());
    output.result("  repository  " + configuration.repository());
    output.result("  data        " + configuration.data());
    for (SourceConfig source : configuration.sources()) {
      output.result(
          "  source      %s, %s, captured by %s%s"
              .formatted(
                  source.name(),
                  source.url(),
                  source.capture().text(),
                  source.archive() ? ", log archived continuously" : ""));
      source
          .schedule()
          .forEach((kind, cron) ->
              output.result(
                  "  schedule    %s %s at \"%s\"".formatted(source.name(), kind.label(), cron)));
    }
  }

  /// Blocks until a signal asks for the end.
  public void awaitSignal() throws InterruptedException {
    asked.await();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
