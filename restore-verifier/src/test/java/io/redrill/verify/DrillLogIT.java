package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.memory.MemoryStore;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.RestoredPoint;
import io.redrill.verify.report.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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

    DrillReport report =
        drill(
            DrillOptions.of("shop", work)
                .withCrossCheck(ScratchKind.redisServer())
                .withAssertions(List.of(last)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).as(report.checks().toString()).isEqualTo(Verdict.PASSED);
    assertThat(report.point().map(RestoredPoint::commands)).contains((long) WRITES);
    assertThat(report.checks())
        .filteredOn(check -> check.name().equals("second implementation"))
        .singleElement()
        .matches(CheckResult::passed);
    assertThat(work).isEmptyDirectory();
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
    assertThat(work).isEmptyDirectory();
  }

  /// Archives a snapshot of nothing, and then three segments.
  private void archive(Path origin) throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(origin, "--repl-diskless-sync-delay", "0");
        RespConnection connection = redis.connect();
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

  private DrillReport drill(DrillOptions options) {
    return new Drill(repository, CLOCK, System::nanoTime, random).run(options);
  }
}
