package io.redrill.cli.daemon;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.cli.config.Configuration;
import io.redrill.cli.config.SourceConfig;
import io.redrill.console.ConsoleServer;
import io.redrill.console.Status;
import io.redrill.scheduler.Firing;
import io.redrill.scheduler.Schedule;
import io.redrill.scheduler.Scheduler;
import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.job.Job;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import io.redrill.scheduler.metric.Metrics;
import io.redrill.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Protects the configured sources until it is closed.
///
/// ```
/// start:  data directory ─ history ─ repository ─ console ─ archivers ─ scheduler
/// close:  scheduler ─ archivers (all that was received is stored) ─ console ─ repository ─ history
/// ```
///
/// The console comes first so that a taken port is found before anything is done. A start that
/// fails undoes what it had begun.
public final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int RUNS_KEPT = 10_000;

  /// What is to be closed, the last thing started first.
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final AtomicReference<Optional<Scheduler>> scheduler =
      new AtomicReference<>(Optional.empty());
  private final Configuration configuration;
  private final DaemonParts parts;

  private Daemon(Configuration configuration, DaemonParts parts) {
    this.configuration = configuration;
    this.parts = parts;
  }

  /// A running daemon, and what it looks like from outside.
  private record Running(ConsoleServer console, DaemonModel model) {}

  private final AtomicReference<Optional<Running>> running =
      new AtomicReference<>(Optional.empty());

  /// Starts everything, and returns when it runs. The repository is made if there is none. A source
  /// without a snapshot gets one at once.
  ///
  /// @param more makes the further jobs of a source, such as its drills
  /// @throws RedrillException if the data directory, the repository, the console's port or the
  ///   history cannot be had, or a schedule names a job that there is not; nothing runs then
  public static Daemon start(
      Configuration configuration,
      DaemonParts parts,
      BiFunction<SourceConfig, Repository, List<Job>> more) {
    Daemon daemon = new Daemon(configuration, parts);
    try {
      daemon.open(more);
      return daemon;
    } catch (RuntimeException e) {
      after(e, daemon::close);
      throw e;
    }
  }

  /// Undoes something after `failure`, with which a failure of that goes.
  private static void after(RuntimeException failure, Runnable undoing) {
    try {
      undoing.run();
    } catch (RuntimeException another) {
      failure.addSuppressed(another);
    }
  }

  private void open(BiFunction<SourceConfig, Repository, List<Job>> more) {
    DataDirectory directory = keep(DataDirectory.claim(configuration.data()));
    try {
      open(directory.path(), more);
    } catch (RedrillException e) {
      if (e.code() != ErrorCode.HISTORY_FAILED) {
        throw e;
      }
      openWithNewHistory(directory.path(), more, e);
    }
  }

  /// A daemon that was killed may find its database damaged. That must not keep it from making
  /// backups, as nothing in there is needed for them: it begins a new one and says so.
  private void openWithNewHistory(
      Path directory,
      BiFunction<SourceConfig, Repository, List<Job>> more,
      RedrillException damage) {
    after(damage, () -> closeAllBut(1));
    Path aside =
        HistoryDatabase.setAside(directory, parts.clock().instant()).orElseThrow(() -> damage);
    try {
      open(directory, more);
    } catch (RuntimeException e) {
      // It is not the file (a full disk), or not the file alone (a port that is taken).
      after(e, () -> closeAllBut(1));
      after(e, () -> HistoryDatabase.putBack(aside));
      throw e;
    }
    LOG.warn(
        "the history of runs could not be used and begins anew; ticks missed until now are not made"
            + " up for, backups are not affected, and the old file is kept as {}",
        aside,
        damage);
  }

  private void open(Path directory, BiFunction<SourceConfig, Repository, List<Job>> more) {
    HistoryDatabase database = keep(HistoryDatabase.open(directory));
    RunHistory history = new RunHistory(database);
    history.keepLatest(RUNS_KEPT);
    Repository repository = repository(keep(parts.stores().apply(configuration.repository())));
    SnapshotTaker taker =
        new SnapshotTaker(repository, PartOptions.DEFAULT, parts.clock(), parts.random());
    List<ProtectedSource> sources = new ArrayList<>();
    List<Job> jobs = new ArrayList<>();
    for (SourceConfig config : configuration.sources()) {
      ProtectedSource source = new ProtectedSource(config, repository, taker, parts);
      sources.add(source);
      jobs.addAll(source.jobs());
      jobs.addAll(more.apply(config, repository));
    }
    List<Schedule> schedules = schedules(jobs);
    Metrics metrics = new Metrics();
    jobs.forEach(job -> history.lastSucceeded(job.name()).ifPresent(metrics::remember));
    jobs.forEach(job -> history.lastEnded(job.name()).ifPresent(metrics::remember));
    DaemonModel model =
        new DaemonModel(repository, sources, history, metrics, this::nextFirings, parts);
    ConsoleServer console =
        keep(
            ConsoleServer.start(
                model, configuration.console().bind(), configuration.console().port()));
    running.set(Optional.of(new Running(console, model)));
    for (ProtectedSource source : sources) {
      keep(source).startArchiver();
    }
    Scheduler started =
        keep(
            Scheduler.start(
                database, history, jobs, schedules, metrics::ended, STOP_LIMIT, parts.clock()));
    scheduler.set(Optional.of(started));
    for (SourceConfig config : configuration.sources()) {
      if (!config.archive() && repository.snapshots(config.name()).isEmpty()) {
        started.trigger(new JobName(config.name().value(), JobKind.SNAPSHOT), RunTrigger.START);
      }
    }
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  private Repository repository(ObjectStore store) {
    try {
      return Repository.open(store);
    } catch (RedrillException e) {
      if (e.code() != ErrorCode.NO_REPOSITORY) {
        throw e;
      }
      return Repository.init(store, parts.clock(), parts.random());
    }
  }

  private List<Schedule> schedules(List<Job> jobs) {
    List<Schedule> schedules = new ArrayList<>();
    for (SourceConfig config : configuration.sources()) {
      config
          .schedule()
          .forEach((kind, cron) -> {
            JobName name = new JobName(config.name().value(), kind);
            if (jobs.stream().noneMatch(job -> job.name().equals(name))) {
              throw new RedrillException(
                  ErrorCode.CONFIG_BAD_VALUE,
                  "key",
                  "sources.%s.schedule.%s".formatted(config.name(), kind.label()),
                  "problem",
                  "this source has no such job");
            }
            if (cron.next(parts.clock().instant()).isEmpty()) {
              throw new RedrillException(
                  ErrorCode.CONFIG_BAD_VALUE,
                  "key",
                  "sources.%s.schedule.%s".formatted(config.name(), kind.label()),
                  "problem",
                  "it has no tick left");
            }
            schedules.add(new Schedule(name, cron));
          });
    }
    return schedules;
  }

  /// Where a browser finds the console.
  public String consoleUrl() {
    return running.get().orElseThrow().console().url();
  }

  /// How everything stands, as the console shows it.
  public Status status() {
    return running.get().orElseThrow().model().status();
  }

  /// The next tick of each schedule, soonest first.
  public List<Firing> nextFirings() {
    return scheduler.get().map(Scheduler::nextFirings).orElse(List.of());
  }

  /// Asks for a run now; returns false if there is no such job.
  public boolean trigger(JobName job) {
    return scheduler.get().map(all -> all.trigger(job, RunTrigger.OPERATOR)).orElse(false);
  }

  /// Stops in order: running jobs get 20 seconds to finish, archivers store what they received.
  /// What fails to close is logged, and does not keep the rest from closing; may be called again.
  ///
  /// @throws RedrillException the first failure, when all is closed
  @Override
  public void close() {
    closeAllBut(0);
  }

  private void closeAllBut(int count) {
    Optional<RedrillException> first = Optional.empty();
    scheduler.set(Optional.empty());
    while (opened.size() > count) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        RedrillException failure = Failures.of(e);
        if (first.isEmpty()) {
          first = Optional.of(failure);
        } else {
          LOG.error("closing failed", failure);
        }
      }
    }
    if (first.isPresent()) {
      throw first.get();
    }
  }
}
