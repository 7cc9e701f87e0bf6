package io.redrill.backup.recovery;

import io.redrill.aof.LogCutReport;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.FilePlacement;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Makes a recovery point real again.
///
/// Everything is written into a directory beside the target and proved there; only what is whole is
/// moved into place, in one step. What a failure leaves behind is removed; what a killed restore
/// leaves behind, by the next one beside it.
public final class Restore {

  private final Materializer materializer;
  private final ReplayEngine engine;
  private final InstantSource clock;
  private final RandomGenerator random;

  /// Restores from `repository`; `engine` applies the log where a target needs one RDB.
  public Restore(
      Repository repository, ReplayEngine engine, InstantSource clock, RandomGenerator random) {
    this.materializer = new Materializer(repository);
    this.engine = engine;
    this.clock = clock;
    this.random = random;
  }

  /// Carries out `plan`. Blocks until the target is durable and in place.
  ///
  /// @throws RedrillException with one of the codes `TARGET_…` before anything is changed, or
  ///   naming what is damaged; a file or directory is then untouched
  public RestoreReport restore(RecoveryPlan plan, RestoreTarget target) {
    Instant start = clock.instant();
    try {
      Done done =
          switch (target) {
            case RestoreTarget.RdbFile(Path file) -> toFile(plan, file.toAbsolutePath());
            case RestoreTarget.DataDirectory(Path directory) ->
                toDirectory(plan, directory.toAbsolutePath());
            case RestoreTarget.LiveServer server -> toServer(plan, server);
          };
      return new RestoreReport(
          plan, done.log(), done.server(), Duration.between(start, clock.instant()));
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private record Done(Optional<LogCutReport> log, Optional<RestoreReport.Server> server) {}

  private Done toFile(RecoveryPlan plan, Path file) throws IOException {
    if (Files.exists(file)) {
      throw exists(file);
    }
    try (Staging staging = Staging.beside(file, random)) {
      Path staged = staging.resolve("dump.rdb");
      Optional<LogCutReport> log = stage(plan, staging, staged);
      place(staged, file);
      return new Done(log, Optional.empty());
    }
  }

  /// Writes the recovery point as one RDB, proved, to `staged`.
  private Optional<LogCutReport> stage(RecoveryPlan plan, Staging staging, Path staged) {
    if (!plan.needsReplay()) {
      materializer.writeRdb(plan.snapshot(), staged);
      return Optional.empty();
    }
    Path data = staging.resolve("data");
    Optional<LogCutReport> log = materializer.writeDataDirectory(plan, data);
    engine.replay(data, staged);
    return log;
  }

  private Done toServer(RecoveryPlan plan, RestoreTarget.LiveServer target) throws IOException {
    try (Staging staging =
        Staging.beside(target.workDirectory().toAbsolutePath().resolve("rdb"), random)) {
      Path staged = staging.resolve("dump.rdb");
      Optional<LogCutReport> log = stage(plan, staging, staged);
      LiveServerRestore.Outcome outcome =
          new LiveServerRestore(staged, target.endpoint(), target.replace(), clock).run();
      return new Done(
          log,
          Optional.of(
              new RestoreReport.Server(
                  outcome.restored(),
                  outcome.removed(),
                  outcome.functions(),
                  outcome.removedFunctions(),
                  outcome.unrestored())));
    }
  }

  private static void place(Path staged, Path file) throws IOException {
    try {
      FilePlacement.place(staged, file);
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    }
    force(parent(file));
  }

  private Done toDirectory(RecoveryPlan plan, Path directory) throws IOException {
    if (Files.exists(directory) && !isEmptyDirectory(directory)) {
      throw exists(directory);
    }
    try (Staging staging = Staging.beside(directory, random)) {
      Path staged = staging.resolve("data");
      Optional<LogCutReport> log = materializer.writeDataDirectory(plan, staged);
      force(staged.resolve(Materializer.AOF_DIRECTORY));
      force(staged);
      // Of the kernel's making: a rename replaces a directory only if that is empty.
      Files.move(staged, directory, StandardCopyOption.ATOMIC_MOVE);
      force(parent(directory));
      return new Done(log, Optional.empty());
    }
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory)) {
      channel.force(true);
    }
  }

  private static RedrillException exists(Path path) {
    return new RedrillException(ErrorCode.TARGET_EXISTS, "path", path);
  }
}
