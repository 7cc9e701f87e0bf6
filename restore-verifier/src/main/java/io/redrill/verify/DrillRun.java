package io.redrill.verify;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.verify.instance.ScratchDirectory;
import io.redrill.verify.instance.ScratchInstance;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.CheckResult;
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
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

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
    DrillPlan plan =
        phases.measure(Phase.LOCATE, _ -> DrillPlan.make(repository, source, options.point()));
    age(plan);
    DrillMaterial material =
        phases.measure(Phase.DOWNLOAD, amount -> download(repository, source, plan, home, amount));
    describe(plan, material);
    DrillChecks checks = new DrillChecks(record, plan, material);
    ScratchInstance instance =
        phases.measure(
            Phase.LOAD,
            amount -> {
              ScratchInstance started = start(options.scratch(), home, material.data(), plan);
              amount.set(material.bytes(), keys(started));
              return started;
            });
    try {
      prove(home, plan, material, checks, instance);
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
      ScratchDirectory home,
      DrillPlan plan,
      DrillMaterial material,
      DrillChecks checks,
      ScratchInstance instance) {
    record.fact("scratch instance", options.scratch().words() + ": " + instance.version());
    record.keys(phases.measure(Phase.FIRST_READ, _ -> keys(instance)));
    record.firstReadAfter(phases.recoveryTime());
    boolean hasLog = material.commands() > 0;
    phases.measure(
        Phase.VERIFY_DATA,
        amount -> {
          amount.set(plan.manifest().rdb().bytes(), plan.manifest().dataset().keys());
          if (!hasLog) {
            checks.data(DatasetReadback.save(instance, material.data()));
            return true;
          }
          Path alone = home.path().resolve("snapshot");
          linkBase(material.base(), alone);
          try (ScratchInstance second = start(options.scratch(), home, alone, plan)) {
            checks.data(DatasetReadback.save(second, alone));
          }
          return true;
        });
    if (hasLog) {
      phases.measure(
          Phase.VERIFY_LOG,
          amount -> {
            amount.set(0, material.commands());
            verifyLog(home, plan, material, checks, instance);
            return true;
          });
    }
    if (!options.assertions().isEmpty()) {
      phases.measure(Phase.ASSERTIONS, amount -> assertions(instance, amount));
    }
    record.verifiedAfter(phases.elapsed());
  }

  private DrillMaterial download(
      Repository repository,
      SourceName source,
      DrillPlan plan,
      ScratchDirectory home,
      PhaseClock.Amount amount) {
    long until = plan.until().equals(Instant.MAX) ? Long.MAX_VALUE : plan.until().toEpochMilli();
    DrillMaterial material =
        DrillMaterial.write(
            repository,
            source,
            plan.manifest(),
            plan.segments(),
            until,
            home.path().resolve("data"));
    amount.set(material.bytes(), plan.manifest().dataset().keys());
    return material;
  }

  private void age(DrillPlan plan) {
    Duration age = Duration.between(plan.newest(), record.startedAt());
    record.recoveryPointAge(age.isNegative() ? Duration.ZERO : age);
    Optional<LogPosition> stored =
        plan.segments().isEmpty()
            ? plan.manifest().position()
            : Optional.of(plan.segments().getLast().finish());
    if (liveSource.isEmpty()
        || stored.isEmpty()
        || !(options.point() instanceof DrillPoint.Latest)) {
      return;
    }
    try {
      SourceLag.bytesAfter(stored.get(), liveSource.get()).ifPresent(record::unstoredLog);
    } catch (IOException e) {
      record.finding(
          new Finding(
              Finding.Severity.NOTE,
              ErrorCode.SOURCE_UNREACHABLE.number(),
              "the live source was not asked how far it is ahead: it does not answer",
              Optional.of(liveSource.get().address()),
              "The recovery point age counts instead."));
    }
  }

  private void describe(DrillPlan plan, DrillMaterial material) {
    Manifest manifest = plan.manifest();
    Instant time =
        material.lastMillis() > 0
            ? Instant.ofEpochMilli(material.lastMillis())
            : manifest.takenAt();
    record.restored(
        new RestoredPoint(
            options.point().words(),
            manifest.id().value(),
            manifest.takenAt(),
            manifest.consistency().text(),
            time,
            manifest.position().map(LogPosition::timeline).orElse(""),
            material.reached().orElse(-1L),
            plan.segments().size(),
            material.commands()));
  }

  private ScratchInstance start(
      ScratchKind kind, ScratchDirectory home, Path data, DrillPlan plan) {
    int databases =
        plan.manifest().dataset().databases().stream()
            .mapToInt(database -> database.db() + 1)
            .max()
            .orElse(1);
    return ScratchInstance.start(kind, home, data, databases, options.loadTimeout(), nanoTime);
  }

  private void verifyLog(
      ScratchDirectory home,
      DrillPlan plan,
      DrillMaterial material,
      DrillChecks checks,
      ScratchInstance instance) {
    if (options.crossCheck().isEmpty()) {
      checks.log(DatasetReadback.save(instance, material.data()), Optional.empty());
      return;
    }
    // The first instance may have appended deletions of expired keys to its files: the second gets
    // the log as it was stored.
    Path fresh = home.path().resolve("second");
    DrillMaterial copy =
        DrillMaterial.write(
            Repository.open(custody),
            SourceName.of(options.source()),
            plan.manifest(),
            plan.segments(),
            plan.until().equals(Instant.MAX) ? Long.MAX_VALUE : plan.until().toEpochMilli(),
            fresh);
    try (ScratchInstance second = start(options.crossCheck().get(), home, copy.data(), plan)) {
      record.fact("second program", second.kind().words() + ": " + second.version());
      DatasetReadback.Saved first = DatasetReadback.save(instance, material.data());
      checks.log(first, Optional.of(DatasetReadback.save(second, copy.data())));
    }
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

  /// Comparisons leave out what a real server may have removed since.
  static OptionalLong later(OptionalLong one, OptionalLong other) {
    return one.isEmpty() || (other.isPresent() && other.getAsLong() > one.getAsLong())
        ? other
        : one;
  }

  /// A check that cannot run for a reason.
  static CheckResult notCompared(String reason) {
    return CheckResult.skipped(
        "second implementation",
        "The log has the same effect in two independent servers, key by key.",
        reason);
  }
}
