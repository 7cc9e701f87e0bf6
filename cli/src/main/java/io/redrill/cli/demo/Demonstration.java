package io.redrill.cli.demo;

import io.redrill.aof.LogCut;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.ArchiverStatus;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.cli.composition.BundledServer;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Engines;
import io.redrill.cli.composition.Stores;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreUrl;
import io.redrill.verify.Drill;
import io.redrill.verify.DrillOptions;
import io.redrill.verify.DrillPoint;
import io.redrill.verify.demo.DemoDataSet;
import io.redrill.verify.report.DrillReport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// One run of the demonstration, step by step:
///
/// ```
/// server ─ load ─ archive (snapshot + log) ─ traffic ─ FLUSHALL ─ traffic goes on ────────────┐
///   └─ restore to just before the FLUSHALL ─ compare every key ─ drill ─ report             end
/// ```
///
/// The comparison is made against a file that the server itself saved in the moment before the
/// `FLUSHALL`, which the restore never sees. The shop trades on during restore and drill, as a shop
/// would that does not know what it has lost; so the drill measures an RPO that is real.
public final class Demonstration {

  private static final SourceName SOURCE = SourceName.of("shop");
  private static final long SEED = 20_261_124L;
  private static final int TRAFFIC_STEP = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CommandContext context;
  private final Path home;
  private final int keys;
  private final Duration traffic;
  private final Output output;

  /// A demonstration with about `keys` keys and `traffic` of daily business, in the empty directory
  /// `home`.
  public Demonstration(CommandContext context, Path home, int keys, Duration traffic) {
    this.context = context;
    this.home = home;
    this.keys = keys;
    this.traffic = traffic;
    this.output = context.output();
  }

  /// What came of it.
  ///
  /// @param report of the drill, whose verdict may be a failure
  /// @param equal whether the restored data set is the one from before the disaster
  public record Outcome(DrillReport report, boolean equal) {}

  /// Runs it; blocks for as long as it takes.
  public Outcome run() throws IOException, InterruptedException {
    DemoDataSet data = new DemoDataSet(keys, SEED);
    try (BundledServer server = BundledServer.start(home.resolve("server"), 0, context);
        Shop shop = new Shop(ServerEndpoint.of("127.0.0.1", server.port()), data);
        ObjectStore store = Stores.open(new StoreUrl.Directory(home.resolve("repository")), home)) {
      step("starting a bundled server and loading a shop: sessions, carts, queues, orders, ...");
      shop.open();
      Repository repository = Repository.init(store, context.clock(), new SecureRandom());
      step("taking a snapshot, and archiving the log from there on");
      try (LogArchiver archiver = archive(repository, server)) {
        await(() -> archiver.status().state() == ArchiverStatus.State.FOLLOWING, archiver);
        Disaster disaster = tradeAndDestroy(server, shop, archiver);
        try (Closeable _ = shop.tradeOn()) {
          boolean equal = restore(repository, disaster);
          step("drilling the same recovery point, for the report");
          return new Outcome(drill(repository, disaster, server), equal);
        }
      }
    }
  }

  private LogArchiver archive(Repository repository, BundledServer server) {
    SecureRandom random = new SecureRandom();
    return LogArchiver.start(
        repository,
        SOURCE,
        new PsyncSource(endpoint(server), context.clock()),
        new SnapshotTaker(repository, PartOptions.DEFAULT, context.clock(), random),
        ArchiverOptions.DEFAULT,
        context.clock(),
        random);
  }

  private static ServerEndpoint endpoint(BundledServer server) {
    return ServerEndpoint.of("127.0.0.1", server.port());
  }

  /// What is known of the disaster.
  ///
  /// @param lastMoment the last instant at which all was well
  /// @param truth what the server held then
  private record Disaster(Instant lastMoment, DatasetDigest truth) {}

  private Disaster tradeAndDestroy(BundledServer server, Shop shop, LogArchiver archiver)
      throws IOException, InterruptedException {
    long writes = trade(shop);
    step("%s writes later: somebody runs FLUSHALL".formatted(Quantity.count(writes)));
    Disaster disaster = destroy(shop, archiver, server);
    shop.trade(TRAFFIC_STEP);
    long end = shop.offset();
    await(() -> isStored(end, archiver), archiver);
    return disaster;
  }

  private static boolean isStored(long offset, LogArchiver archiver) {
    return archiver.status().stored().filter(stored -> stored.offset() >= offset).isPresent();
  }

  private long trade(Shop shop) throws IOException {
    long writes = 0;
    Instant until = context.clock().instant().plus(traffic);
    while (context.clock().instant().isBefore(until)) {
      shop.trade(TRAFFIC_STEP);
      writes += TRAFFIC_STEP / 2;
      output.progress("the shop is busy: " + Quantity.count(writes) + " writes");
    }
    output.endProgress();
    return writes;
  }

  private Disaster destroy(Shop shop, LogArchiver archiver, BundledServer server)
      throws IOException, InterruptedException {
    shop.save();
    DatasetDigest truth = digest(server.directory().resolve("dump.rdb"));
    long offset = shop.offset();
    await(() -> archiver.status().receivedOffset() >= offset, archiver);
    Instant lastMoment = context.clock().instant();
    // The marks in the log are whole milliseconds.
    await(() -> context.clock().instant().isAfter(lastMoment.plusMillis(5)), archiver);
    shop.flushAll();
    return new Disaster(lastMoment, truth);
  }

  private void await(BooleanSupplier condition, LogArchiver archiver) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline || archiver.status().lastError().isPresent()) {
        throw new RedrillException(
            ErrorCode.DEMO_FAILED,
            "problem",
            archiver.status().lastError().orElse("the archive does not keep up"));
      }
      Thread.sleep(2);
    }
  }

  private boolean restore(Repository repository, Disaster disaster) throws IOException {
    step("restoring to just before the FLUSHALL");
    RecoveryPlan plan =
        new RecoveryPlanner(repository, SOURCE)
            .plan(new RecoveryRequest.Before(LogCut.BeforeMatch.of("FLUSHALL", 1)));
    Path restored = home.resolve("restored.rdb");
    RestoreReport report =
        new Restore(repository, Engines.replay(context), context.clock(), new SecureRandom())
            .restore(plan, new RestoreTarget.RdbFile(restored));
    DatasetDigest found = digest(restored);
    boolean equal = found.equals(disaster.truth());
    output.result(
        "restored     %s keys in %s: the snapshot, and %s commands of log"
            .formatted(
                Quantity.count(found.keys()),
                Quantity.duration(report.duration()),
                Quantity.count(report.log().map(log -> log.commands()).orElse(0L))));
    output.result(
        equal
            ? "compared     every key, value and expiry is as it was (digest %s)"
                .formatted(found.fingerprint().hex())
            : "compared     DIFFERENT: %s keys before, %s restored (digests %s, %s)"
                .formatted(
                    Quantity.count(disaster.truth().keys()),
                    Quantity.count(found.keys()),
                    disaster.truth().fingerprint().hex(),
                    found.fingerprint().hex()));
    return equal;
  }

  private DrillReport drill(Repository repository, Disaster disaster, BundledServer server) {
    return new Drill(repository, context.clock(), System::nanoTime, new SecureRandom())
        .run(
            DrillOptions.of(SOURCE.value(), Engines.workDirectory(context))
                .withPoint(new DrillPoint.At(disaster.lastMoment()))
                .withTrigger("demo"),
            endpoint(server));
  }

  private static DatasetDigest digest(Path rdb) throws IOException {
    DatasetDigest digest = new DatasetDigest();
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbReader reader = new RdbReader(in);
      RdbRecord record = reader.next();
      while (!(record instanceof RdbRecord.End)) {
        if (record instanceof RdbRecord.Entry entry) {
          digest.add(entry);
        }
        record = reader.next();
      }
    }
    return digest;
  }

  private void step(String what) {
    output.message(what);
  }
}
