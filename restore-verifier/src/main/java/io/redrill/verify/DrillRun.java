package io.redrill.verify;

import io.redrill.aof.LogCutReport;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.verify.DatasetReadback.Saved;
import io.redrill.verify.instance.ScratchDirectory;
import io.redrill.verify.instance.ScratchInstance;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Finding;
import io.redrill.verify.report.PhaseTiming.Phase;
import io.redrill.verify.report.RestoredPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// One drill, from the plan to the report.
///
/// ```
/// locate ─ download ─ load ─ first read │ verify data ─ verify log ─ assertions │ teardown
///          what a real recovery takes   │      what only the drill does
/// ```
///
/// The manifest tells the data of the snapshot alone. So where a log is replayed, the snapshot is
/// loaded once more, without the log, into an instance of its own, and that one is compared.
final class DrillRun {

  private static final int LOG_DATABASES = 1024;

  /// What Redis logs before it ends because the data is of a later version.
  private static final Pattern TOO_OLD =
      Pattern.compile("Can't handle RDB format version|Unknown command .* reading the append only");

  private final DrillOptions options;
  private final Optional<ServerEndpoint> liveSource;
  private final CustodyStore custody;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final PhaseClock phases;
  private final DrillRecord record;

  DrillRun(
      DrillOptions options,
      Optional<ServerEndpoint> liveSource,
      Repository repository,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.options = options;
    this.liveSource = liveSource;
    this.custody = new CustodyStore(repository.store());
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.phases = new PhaseClock(nanoTime);
    this.record = new DrillRecord(options, repository.store().location(), clock.instant());
  }

  /// Runs the drill; `naming` makes the report's id from the time at which it ended.
  DrillReport run(Function<Instant, String> naming) {
    Optional<RedrillException> failure = attempt();
    Instant finishedAt = clock.instant();
    return record.report(
        naming.apply(finishedAt),
        finishedAt,
        failure,
        phases.timings(),
        custody.entries(failure.map(stopped -> stopped.context().get("object"))));
  }

  private Optional<RedrillException> attempt() {
    try (ScratchDirectory home = ScratchDirectory.create(options.workDirectory())) {
      recover(home);
      return Optional.empty();
    } catch (RedrillException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      if (Thread.currentThread().isInterrupted()) {
        // An interrupt closes files under whoever reads or writes them.
        throw RedrillException.causedBy(e, ErrorCode.INTERRUPTED, "source", options.source());
      }
      return Optional.of(e);
    }
  }

  private void recover(ScratchDirectory home) {
    SourceName source = SourceName.of(options.source());
    Repository repository = Repository.open(custody);
    RecoveryPlan plan = phases.measure(Phase.LOCATE, _ -> locate(repository, source));
    RecoveredFiles files =
        phases.measure(Phase.DOWNLOAD, amount -> download(repository, plan, home, amount));
    describe(plan, files);
    DrillChecks checks = new DrillChecks(record, plan, files);
    ScratchInstance instance =
        phases.measure(
            Phase.LOAD,
            amount -> {
              ScratchInstance started = start(options.scratch(), home, files.data(), plan);
              amount.set(files.bytes(), keys(started));
              return started;
            });
    try {
      prove(repository, home, plan, files, checks, instance);
    } finally {
      phases.measure(
          Phase.TEARDOWN,
          _ -> {
            instance.close();
            return true;
          });
    }
  }

  private void prove(
      Repository repository,
      ScratchDirectory home,
      RecoveryPlan plan,
      RecoveredFiles files,
      DrillChecks checks,
      ScratchInstance instance) {
    record.fact("scratch instance", options.scratch().words() + ": " + instance.version());
    record.keys(phases.measure(Phase.FIRST_READ, _ -> keys(instance)));
    record.firstReadAfter(phases.recoveryTime());
    boolean hasLog = files.commands() > 0;
    phases.measure(
        Phase.VERIFY_DATA,
        amount -> {
          amount.set(plan.snapshot().rdb().bytes(), plan.snapshot().dataset().keys());
          if (!hasLog) {
            checks.data(DatasetReadback.save(instance, files.data()));
            return true;
          }
          Path alone = home.path().resolve("snapshot");
          linkBase(files.base(), alone);
          try (ScratchInstance second = start(options.scratch(), home, alone, plan)) {
            checks.data(DatasetReadback.save(second, alone));
          }
          return true;
        });
    if (plan.needsReplay()) {
      phases.measure(
          Phase.VERIFY_LOG,
          amount -> {
            amount.set(0, files.commands());
            checks.position(DemandedOffset.of(repository, plan));
            if (hasLog) {
              verifyReplay(repository, home, plan, checks, instance, files.data());
            }
            return true;
          });
    }
    if (!options.assertions().isEmpty()) {
      phases.measure(Phase.ASSERTIONS, amount -> assertions(instance, amount));
    }
    record.verifiedAfter(phases.elapsed());
  }

  private RecoveryPlan locate(Repository repository, SourceName source) {
    RecoveryPlanner planner = new RecoveryPlanner(repository, source);
    planner.newestRecoveryPoint().ifPresent(this::age);
    // What would be lost now does not depend on the point that is drilled.
    liveSource.ifPresent(live -> planner.newestPosition().ifPresent(newest -> lag(newest, live)));
    return PointChoice.plan(planner, source, options.point());
  }

  private void age(Instant newest) {
    Duration age = Duration.between(newest, record.startedAt());
    record.recoveryPointAge(age.isNegative() ? Duration.ZERO : age);
  }

  private void lag(LogPosition stored, ServerEndpoint live) {
    try {
      SourceLag.bytesAfter(stored, live).ifPresent(record::unstoredLog);
    } catch (IOException e) {
      record.finding(
          new Finding(
              Finding.Severity.NOTE,
              ErrorCode.SOURCE_UNREACHABLE.number(),
              "the live source was not asked how far it is ahead: it does not answer",
              Optional.of(live.address()),
              "The recovery point age counts instead."));
    }
  }

  private static RecoveredFiles download(
      Repository repository, RecoveryPlan plan, ScratchDirectory home, PhaseClock.Amount amount) {
    RecoveredFiles files = RecoveredFiles.write(repository, plan, home.path().resolve("data"));
    amount.set(files.bytes(), plan.snapshot().dataset().keys());
    return files;
  }

  private void describe(RecoveryPlan plan, RecoveredFiles files) {
    Manifest snapshot = plan.snapshot();
    Optional<LogPosition> start =
        plan.needsReplay() ? Optional.of(plan.segments().getLast().start()) : snapshot.position();
    Instant time =
        files
            .log()
            .flatMap(LogCutReport::time)
            .map(mark -> Instant.ofEpochMilli(mark.unixMillis()))
            .filter(snapshot.takenAt()::isBefore)
            .orElse(snapshot.takenAt());
    record.restored(
        new RestoredPoint(
            options.point().words(),
            snapshot.id().value(),
            snapshot.takenAt(),
            snapshot.consistency().text(),
            time,
            start.map(LogPosition::timeline).orElse(""),
            files
                .log()
                .map(LogCutReport::offset)
                .or(() -> start.map(LogPosition::offset))
                .orElse(-1L),
            plan.segments().size(),
            files.commands()));
  }

  private ScratchInstance start(
      ScratchKind kind, ScratchDirectory home, Path data, RecoveryPlan plan) {
    int databases =
        plan.snapshot().dataset().databases().stream()
            .mapToInt(database -> database.db() + 1)
            .max()
            .orElse(1);
    // A log may select any database that its source had, and does not say how many those were.
    int needed = plan.needsReplay() ? Math.max(databases, LOG_DATABASES) : databases;
    return ScratchInstance.start(kind, home, data, needed, options.loadTimeout(), nanoTime);
  }

  /// The first instance may have appended deletions of expired keys to its files. So the second
  /// gets the log as it was stored.
  private void verifyReplay(
      Repository repository,
      ScratchDirectory home,
      RecoveryPlan plan,
      DrillChecks checks,
      ScratchInstance instance,
      Path data) {
    Optional<ScratchKind> kind = options.crossCheck().second(options.scratch());
    if (kind.isEmpty()) {
      checks.replayAlone(
          DatasetReadback.save(instance, data),
          options.crossCheck() instanceof CrossCheck.Off
              ? "the comparison was switched off"
              : "no redis-server was found");
      return;
    }
    Path fresh = home.path().resolve("second");
    RecoveredFiles.write(repository, plan, fresh);
    try (ScratchInstance second = start(kind.get(), home, fresh, plan)) {
      record.fact("second program", second.kind().words() + ": " + second.version());
      Saved first = DatasetReadback.save(instance, data);
      checks.replay(first, DatasetReadback.save(second, fresh));
    } catch (RedrillException e) {
      if (!(options.crossCheck() instanceof CrossCheck.Automatic) || !isTooOld(e)) {
        throw e;
      }
      checks.replayAlone(
          DatasetReadback.save(instance, data),
          "the %s that was found is too old for this data".formatted(kind.get().words()));
    }
  }

  private static boolean isTooOld(RedrillException failure) {
    return failure.code() == ErrorCode.SCRATCH_DIED
        && TOO_OLD.matcher(failure.context().getOrDefault("log", "")).find();
  }

  private boolean assertions(ScratchInstance instance, PhaseClock.Amount amount) {
    try (RespConnection connection = instance.connect()) {
      for (DrillAssertion assertion : options.assertions()) {
        record.assertion(AssertionCheck.run(assertion, connection));
      }
      amount.set(0, options.assertions().size());
      return true;
    } catch (IOException e) {
      throw Failures.of(e, "program", instance.kind().words());
    }
  }

  /// The number of keys in all databases, which is a read that a client would see answered.
  private static long keys(ScratchInstance instance) {
    try (RespConnection connection = instance.connect()) {
      String keyspace = connection.call("INFO", "keyspace").asText();
      return keyspace
          .lines()
          .filter(line -> line.matches("db[0-9]+:keys=[0-9]+.*"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("^db[0-9]+:keys=([0-9]+).*$", "$1")))
          .sum();
    } catch (IOException e) {
      throw Failures.of(e, "program", instance.kind().words());
    }
  }

  private static void linkBase(Path base, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.createLink(directory.resolve("dump.rdb"), base);
    } catch (IOException e) {
      throw Failures.of(e, "directory", directory);
    }
  }
}
