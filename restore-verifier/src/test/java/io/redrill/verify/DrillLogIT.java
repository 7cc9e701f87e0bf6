package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.memory.MemoryStore;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.CustodyEntry;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.RestoredPoint;
import io.redrill.verify.report.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drills that replay a log, which was archived from a real server in three segments.
class DrillLogIT {

  private static final SourceName SHOP = SourceName.of("shop");
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int WRITES = 60;

  @TempDir Path work;

  private final ObjectStore store = new MemoryStore(CLOCK);
  private final Random random = new Random(7);
  private final Repository repository = Repository.init(store, CLOCK, random);

  @Test
  void theLogIsReplayedAndComparedWithASecondServer(@TempDir Path origin) throws IOException {
    archive(origin);
    DrillAssertion last =
        new DrillAssertion(
            "last write",
            5,
            List.of("LLEN", "writes"),
            new DrillAssertion.Expected.Between(WRITES, WRITES));

    DrillReport report = drill(DrillOptions.of("shop", work).withAssertions(List.of(last)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).as(report.checks().toString()).isEqualTo(Verdict.PASSED);
    assertThat(report.point().map(RestoredPoint::commands)).contains((long) WRITES);
    assertThat(report.checks())
        .filteredOn(check -> check.name().equals("second implementation"))
        .singleElement()
        .matches(CheckResult::passed);
    assertThat(check(report, "log position").actual())
        .isEqualTo("offset " + repository.segments(SHOP).getLast().end());
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aRealServerIsCheckedByTheBundledOne(@TempDir Path origin) throws IOException {
    archive(origin);

    DrillReport report =
        drill(DrillOptions.of("shop", work).withScratch(ScratchKind.redisServer()));

    assertThat(report.verdict()).as(report.checks().toString()).isEqualTo(Verdict.PASSED);
    assertThat(check(report, "second implementation")).matches(CheckResult::passed);
    assertThat(report.environment())
        .anyMatch(
            fact -> fact.name().equals("second program") && fact.value().startsWith("bundled"));
  }

  @Test
  void withoutASecondProgramTheEffectOfTheLogIsNotCovered(@TempDir Path origin) throws IOException {
    archive(origin);

    DrillReport report = drill(DrillOptions.of("shop", work).withCrossCheck(new CrossCheck.Off()));

    assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(check(report, "second implementation").outcome())
        .isEqualTo(CheckResult.Outcome.SKIPPED);
    assertThat(report.notCovered()).anyMatch(sentence -> sentence.contains("switched off"));
  }

  @Test
  void aMomentWithinTheLogHoldsWhatWasWrittenUntilThen(@TempDir Path origin) throws IOException {
    archive(origin);
    List<LogRecord> writes = writes();
    Instant moment = Instant.ofEpochMilli(writes.get(WRITES / 2).atMillis());
    List<LogRecord> wanted =
        writes.stream().filter(write -> write.atMillis() <= moment.toEpochMilli()).toList();
    DrillAssertion length =
        new DrillAssertion(
            "writes until then",
            5,
            List.of("LLEN", "writes"),
            new DrillAssertion.Expected.Equal(String.valueOf(wanted.size())));

    DrillReport report =
        drill(
            DrillOptions.of("shop", work)
                .withPoint(new DrillPoint.At(moment))
                .withAssertions(List.of(length)));

    assertThat(wanted.size()).isLessThan(WRITES);
    assertThat(report.verdict()).as(report.checks().toString()).isEqualTo(Verdict.PASSED);
    assertThat(check(report, "log position").passed()).isTrue();
    assertThat(report.point().orElseThrow().offset())
        .isGreaterThanOrEqualTo(wanted.getLast().end());
  }

  @Test
  void anyMomentOfTheWindowCanBeDrilled(@TempDir Path origin) throws IOException {
    archive(origin);
    for (long seed = 1; seed <= 3; seed++) {
      DrillReport report =
          drill(
              DrillOptions.of("shop", work)
                  .withPoint(new DrillPoint.RandomInWindow(seed))
                  .withCrossCheck(new CrossCheck.Off()));

      assertThat(report.verdict())
          .as("seed %d: %s", seed, report.checks())
          .isEqualTo(Verdict.PASSED);
      assertThat(report.point().orElseThrow().choice()).isEqualTo("random (seed " + seed + ")");
    }
  }

  @Test
  void aMomentOutsideOfTheWindowIsNoRecoveryPoint(@TempDir Path origin) throws IOException {
    archive(origin);

    DrillReport report =
        drill(DrillOptions.of("shop", work).withPoint(new DrillPoint.At(Instant.EPOCH)));

    assertThat(report.verdict()).isEqualTo(Verdict.NO_RECOVERY_POINT);
    assertThat(report.exitStatus()).isEqualTo(6);
    assertThat(report.summary())
        .contains("nearestAfter=" + repository.manifests(SHOP).getFirst().takenAt());
  }

  @Test
  void aDamagedSegmentIsNamed(@TempDir Path origin) throws IOException {
    archive(origin);
    ObjectKey key = RepositoryKeys.segment(SHOP, repository.segments(SHOP).get(1));
    byte[] bytes;
    try (InputStream in = store.open(key)) {
      bytes = in.readAllBytes();
    }
    bytes[bytes.length - 20] ^= 1;
    store.delete(key);
    store.put(key, new ByteArrayInputStream(bytes), bytes.length);

    DrillReport report = drill(DrillOptions.of("shop", work));

    assertThat(report.verdict()).as(report.summary()).isEqualTo(Verdict.NOT_RECOVERED);
    assertThat(report.exitStatus()).isEqualTo(5);
    assertThat(report.summary()).contains(key.value());
    assertThat(report.custody())
        .filteredOn(entry -> !entry.intact())
        .extracting(CustodyEntry::key)
        .containsExactly(key.value());
  }

  @Test
  void aLiveSourceIsAskedHowFarItIsAhead(@TempDir Path origin) throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(origin, "--repl-diskless-sync-delay", "0")) {
      archive(redis);
      try (RespConnection connection = redis.connect()) {
        connection.call("SET", "not", "archived");
      }

      DrillReport report =
          new Drill(repository, CLOCK, System::nanoTime, random)
              .run(
                  DrillOptions.of("shop", work).withCrossCheck(new CrossCheck.Off()),
                  redis.endpoint());

      assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(report.measured().unstoredLogBytes())
          .hasValueSatisfying(bytes -> assertThat(bytes).isPositive());
      assertThat(report.measured().rpo()).hasValueSatisfying(rpo -> assertThat(rpo).isPositive());

      DrillReport older =
          new Drill(repository, CLOCK, System::nanoTime, random)
              .run(
                  DrillOptions.of("shop", work)
                      .withPoint(
                          new DrillPoint.OfSnapshot(
                              repository.manifests(SHOP).getFirst().id().value())),
                  redis.endpoint());
      assertThat(older.measured().unstoredLogBytes())
          .as("what would be lost now, whichever point is drilled")
          .isEqualTo(report.measured().unstoredLogBytes());
    }
  }

  @Test
  void aMissingSegmentIsAGapThatIsNamed(@TempDir Path origin) throws IOException {
    archive(origin);
    List<SegmentName> segments = repository.segments(SHOP);
    SegmentName missing = segments.get(segments.size() - 2);
    store.delete(RepositoryKeys.segment(SHOP, missing));

    DrillReport report = drill(DrillOptions.of("shop", work));

    assertThat(report.verdict()).isEqualTo(Verdict.NO_RECOVERY_POINT);
    assertThat(report.exitStatus()).isEqualTo(6);
    assertThat(report.findings().getFirst().message())
        .contains("missingFrom=" + missing.first(), "missingTo=" + missing.end());
    assertThat(report.summary()).contains("missingFrom=" + missing.first());
    assertThat(work).isEmptyDirectory();
  }

  /// Archives a snapshot of nothing, and then three segments.
  private void archive(Path origin) throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(origin, "--repl-diskless-sync-delay", "0")) {
      archive(redis);
    }
  }

  private void archive(RealRedis redis) throws IOException {
    try (RespConnection connection = redis.connect();
        LogArchiver archiver =
            LogArchiver.start(
                repository,
                SHOP,
                new PsyncSource(redis.endpoint(), CLOCK),
                new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random),
                ArchiverOptions.DEFAULT,
                CLOCK,
                random)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !repository.manifests(SHOP).isEmpty());
      connection.call("SELECT", "5");
      for (int segment = 0; segment < 3; segment++) {
        int before = repository.segments(SHOP).size();
        for (int i = 0; i < WRITES / 3; i++) {
          connection.call("RPUSH", "writes", segment + ":" + i);
        }
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                repository.segments(SHOP).size() > before && archiver.status().lagBytes() == 0);
      }
    }
  }

  private List<LogRecord> writes() throws IOException {
    List<LogRecord> writes = new ArrayList<>();
    for (SegmentName segment : repository.segments(SHOP)) {
      try (SegmentReader reader = SegmentReader.open(repository, SHOP, segment)) {
        for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
          next.filter(record -> record.command().is("RPUSH")).ifPresent(writes::add);
        }
      }
    }
    return writes;
  }

  private static CheckResult check(DrillReport report, String name) {
    return report.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private DrillReport drill(DrillOptions options) {
    return new Drill(repository, CLOCK, System::nanoTime, random).run(options);
  }
}
