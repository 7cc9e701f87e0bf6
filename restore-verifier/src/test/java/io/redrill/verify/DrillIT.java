package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.DatasetSummary;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.memory.MemoryStore;
import io.redrill.verify.demo.DemoDataSet;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.CustodyEntry;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.DrillReportHtml;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Drills on a snapshot that a real server sent, healthy and damaged.
class DrillIT {

  private static final SourceName SHOP = SourceName.of("shop");
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path work;

  private final ObjectStore store = new MemoryStore(CLOCK);
  private final Random random = new Random(7);
  private final Repository repository = Repository.init(store, CLOCK, random);
  private Optional<Manifest> taken = Optional.empty();

  @BeforeEach
  void takesASnapshot(@TempDir Path origin) throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(origin);
        RespConnection connection = redis.connect()) {
      Iterator<List<byte[]>> commands = new DemoDataSet(2_000, 42).commands().iterator();
      while (commands.hasNext()) {
        connection.call(commands.next());
      }
      taken =
          Optional.of(
              new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random)
                  .take(SHOP, new PsyncSource(redis.endpoint(), CLOCK)));
    }
  }

  @AfterEach
  void leavesNothingBehind() {
    assertThat(work).isEmptyDirectory();
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  static Stream<ScratchKind> kinds() {
    return Stream.of(ScratchKind.bundled(), ScratchKind.redisServer());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aHealthyBackupPasses(ScratchKind kind) throws IOException {
    DrillAssertion orders =
        new DrillAssertion(
            "orders are there",
            3,
            List.of("EXISTS", "orders"),
            new DrillAssertion.Expected.Between(1, 1));

    DrillReport report = drill(options().withScratch(kind).withAssertions(List.of(orders)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).as(report.summary()).isEqualTo(Verdict.PASSED);
    assertThat(report.exitStatus()).isZero();
    assertThat(report.checks())
        .filteredOn(CheckResult::provesData)
        .isNotEmpty()
        .allMatch(CheckResult::passed)
        .allMatch(check -> check.expected().matches("(?s)(db \\d+: [0-9a-f]{32}\\n?)+"));
    assertThat(report.counts())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.actual()).isEqualTo(row.expected()));
    assertThat(report.custody())
        .extracting(CustodyEntry::role)
        .containsOnlyOnce("manifest", "part");
    assertThat(report.measured().timeToFirstRead()).isPresent();
    assertThat(new DrillHistory(repository).list(1)).containsExactly(report);
    assertThat(DrillReportHtml.write(report)).contains("Recovery of shop works");
  }

  @Test
  void aFailedAssertionIsToldWithoutTheStoredValue() {
    DrillAssertion wrong =
        new DrillAssertion(
            "city",
            0,
            List.of("HGET", "customer:1", "since"),
            new DrillAssertion.Expected.Equal("1900"));

    DrillReport report = drill(options().withAssertions(List.of(wrong)));

    assertThat(report.verdict()).isEqualTo(Verdict.ASSERTION_FAILED);
    assertThat(report.checks().getLast().actual()).isEqualTo("another text, of 4 characters");
  }

  @Test
  void aMissedObjectiveIsNoPass() {
    DrillReport report =
        drill(
            options()
                .withObjectives(
                    new RecoveryObjectives(Optional.empty(), Optional.of(Duration.ofMillis(1)))));

    assertThat(report.verdict()).isEqualTo(Verdict.OBJECTIVE_MISSED);
    assertThat(report.exitStatus()).isEqualTo(10);
    assertThat(report.summary()).contains("where 1 ms is the objective");
  }

  @Test
  void aFlippedByteInAPartIsNamed() throws IOException {
    byte[] bytes = read(part());
    bytes[bytes.length / 2] ^= 1;
    replace(part(), bytes);

    assertDamageIsNamed(drill(options()), part());
  }

  @Test
  void aTruncatedPartIsNamed() throws IOException {
    byte[] bytes = read(part());
    replace(part(), java.util.Arrays.copyOf(bytes, bytes.length - 100));

    assertDamageIsNamed(drill(options()), part());
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    store.delete(part());

    assertDamageIsNamed(drill(options()), part());
  }

  @Test
  void aManifestThatStatesOtherDataIsFoundThoughItsOwnChecksumIsRight() throws IOException {
    Manifest right = manifest();
    List<DatasetSummary.Database> databases = new ArrayList<>(right.dataset().databases());
    DatasetSummary.Database first = databases.getFirst();
    databases.set(
        0,
        new DatasetSummary.Database(
            first.db(), first.keys() + 1, first.expiring(), "0".repeat(32), first.kinds()));
    store.delete(RepositoryKeys.manifest(SHOP, right.id()));
    repository.commit(stating(right, new DatasetSummary(databases, right.dataset().functions())));

    DrillReport report = drill(options());

    assertThat(report.verdict()).as(report.summary()).isEqualTo(Verdict.NOT_RECOVERED);
    assertThat(report.exitStatus()).isEqualTo(5);
  }

  @Test
  void withoutASnapshotThereIsNoRecoveryPoint() throws IOException {
    store.delete(RepositoryKeys.manifest(SHOP, manifest().id()));

    DrillReport report = drill(options());

    assertThat(report.verdict()).isEqualTo(Verdict.NO_RECOVERY_POINT);
    assertThat(report.exitStatus()).isEqualTo(6);
  }

  @Test
  void aMissingProgramSaysNothingAboutTheBackup() {
    DrillReport report =
        drill(options().withScratch(new ScratchKind.Executable(Path.of("/nowhere/redis"), 0)));

    assertThat(report.verdict()).isEqualTo(Verdict.COULD_NOT_RUN);
    assertThat(report.exitStatus()).isEqualTo(1);
  }

  @Test
  void anInterruptedDrillStoresNothing() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> drill(options()))
        .isInstanceOfSatisfying(
            RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(repository.drills()).isEmpty();
  }

  private void assertDamageIsNamed(DrillReport report, ObjectKey object) {
    assertThat(report.verdict()).as(report.summary()).isEqualTo(Verdict.NOT_RECOVERED);
    assertThat(report.exitStatus()).isEqualTo(5);
    assertThat(report.summary()).contains(object.value());
    assertThat(report.findings().getFirst().object()).contains(object.value());
    assertThat(report.custody())
        .filteredOn(entry -> !entry.intact())
        .extracting(CustodyEntry::key)
        .containsExactly(object.value());
  }

  private DrillReport drill(DrillOptions options) {
    return new Drill(repository, CLOCK, System::nanoTime, random).run(options);
  }

  private DrillOptions options() {
    return DrillOptions.of("shop", work).withLoadTimeout(Duration.ofMinutes(2));
  }

  private Manifest manifest() {
    return taken.orElseThrow();
  }

  private static Manifest stating(Manifest manifest, DatasetSummary dataset) {
    return new Manifest(
        manifest.id(),
        manifest.source(),
        manifest.capture(),
        manifest.consistency(),
        manifest.server(),
        manifest.startedAt(),
        manifest.takenAt(),
        manifest.finishedAt(),
        manifest.position(),
        manifest.rdb(),
        manifest.compressionLevel(),
        manifest.parts(),
        dataset,
        manifest.warnings());
  }

  private ObjectKey part() {
    return RepositoryKeys.part(SHOP, manifest().id(), manifest().parts().getFirst().name());
  }

  private byte[] read(ObjectKey key) throws IOException {
    try (var in = store.open(key)) {
      return in.readAllBytes();
    }
  }

  private void replace(ObjectKey key, byte[] bytes) throws IOException {
    store.delete(key);
    store.put(key, new ByteArrayInputStream(bytes), bytes.length);
  }
}
