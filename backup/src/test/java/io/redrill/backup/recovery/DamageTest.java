package io.redrill.backup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.LogCut;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.StoredLog;
import io.redrill.backup.log.StoredLog.Write;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.MadeUpImage;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.fixture.FaultyStore;
import io.redrill.storage.memory.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is damaged, the check and the restore name it.
class DamageTest {

  private static final SourceName NAME = SourceName.of("orders");
  private static final String TIMELINE = "a".repeat(40);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SEED = 17;

  @TempDir private Path directory;

  private final InstantSource clock = InstantSource.fixed(NOW);
  private final Random random = new Random(SEED);
  private final FaultyStore store = new FaultyStore(new MemoryStore(clock));
  private final Repository repository = Repository.init(store, clock, random);
  private final List<SegmentName> segments = new ArrayList<>();
  private final List<ObjectKey> parts = new ArrayList<>();
  private int restores;

  @BeforeEach
  void backUp() throws IOException {
    try (SnapshotFeed feed =
        MadeUpImage.feed(
            MadeUpImage.rdb(100, random), NOW, Optional.of(new LogPosition(TIMELINE, 100)))) {
      Manifest manifest =
          new SnapshotTaker(repository, new PartOptions(2048, 3, 2), clock, random)
              .store(NAME, feed, CaptureMode.PSYNC);
      manifest
          .parts()
          .forEach(part -> parts.add(RepositoryKeys.part(NAME, manifest.id(), part.name())));
    }
    StoredLog log = new StoredLog(repository, NAME);
    long first = 100;
    for (int i = 0; i < 3; i++) {
      Write write = new Write(NOW.plusSeconds(i + 1L), "SET key:" + i + " value");
      segments.add(log.segment(TIMELINE, first, write));
      first = segments.getLast().end();
    }
    assertThat(check().status()).isEqualTo(ExitStatus.PROVEN);
    restore();
  }

  @Test
  void aFlippedBitInAPart() throws IOException {
    ObjectKey part = parts.get(1);
    for (int offset = 0; offset < sizeOf(part); offset += 97) {
      store.flipBit(part, offset);
      isNamed(part, "offset " + offset);
      store.heal();
    }
  }

  @Test
  void aFlippedBitInASegment() throws IOException {
    ObjectKey segment = key(1);
    for (int offset = 0; offset < sizeOf(segment); offset += 7) {
      store.flipBit(segment, offset);
      isNamed(segment, "offset " + offset);
      store.heal();
    }
  }

  @Test
  void aMissingPart() {
    store.lose(parts.getLast());
    isNamed(parts.getLast(), "missing");
  }

  @Test
  void aTruncatedPart() {
    store.truncate(parts.getFirst(), 100);
    isNamed(parts.getFirst(), "truncated");
  }

  @Test
  void aTruncatedSegment() throws IOException {
    long size = sizeOf(key(2));
    for (int length = 0; length < size; length += 11) {
      store.truncate(key(2), length);
      isNamed(key(2), "length " + length);
      store.heal();
    }
  }

  @Test
  void aMissingSegmentIsAGap() {
    store.lose(key(1));

    assertThat(check().status()).isEqualTo(ExitStatus.NOT_FOUND);
    assertThat(check().findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(RepositoryCheck.Kind.GAP);
          assertThat(finding.problem())
              .isEqualTo(
                  "bytes %d to %d are missing"
                      .formatted(segments.get(1).first(), segments.get(1).end()));
        });
  }

  @Test
  void aMissingFirstSegmentIsAGapBehindTheSnapshot() {
    store.lose(key(0));

    assertThat(check().status()).isEqualTo(ExitStatus.NOT_FOUND);
    assertThat(check().findings())
        .singleElement()
        .extracting(RepositoryCheck.Finding::problem)
        .isEqualTo("bytes 100 to %d are missing".formatted(segments.get(0).end()));
    assertThat(new RecoveryPlanner(repository, NAME).gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.after()).isEqualTo(NOW));
  }

  /// Takes a second snapshot, at the end of the log.
  private Manifest newerSnapshot() throws IOException {
    Instant later = NOW.plusSeconds(10);
    try (SnapshotFeed feed =
        MadeUpImage.feed(
            MadeUpImage.rdb(100, random),
            later,
            Optional.of(new LogPosition(TIMELINE, segments.getLast().end())))) {
      return new SnapshotTaker(repository, PartOptions.DEFAULT, InstantSource.fixed(later), random)
          .store(NAME, feed, CaptureMode.PSYNC);
    }
  }

  @Test
  void aDamagedOlderManifestHidesNothingThatIsNewer() throws IOException {
    SnapshotId older = repository.snapshots(NAME).getFirst();
    Manifest newer = newerSnapshot();
    ObjectKey damaged = RepositoryKeys.manifest(NAME, older);
    store.truncate(damaged, 200);

    assertThat(plan().snapshot()).isEqualTo(newer);
    RecoveryPlanner planner = new RecoveryPlanner(repository, NAME);
    assertThat(planner.snapshots()).containsExactly(newer);
    assertThat(planner.damage())
        .singleElement()
        .satisfies(e -> assertThat(e.context()).containsEntry("object", damaged.value()));
    for (RecoveryRequest hidden :
        List.of(
            new RecoveryRequest.AtSnapshot(older),
            new RecoveryRequest.AtTime(NOW.plusSeconds(2)),
            new RecoveryRequest.AtOffset(Optional.empty(), 101))) {
      assertThatThrownBy(() -> planner.plan(hidden))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.context()).containsEntry("object", damaged.value()));
    }
  }

  @Test
  void aMatchIsNotLookedForBehindADamagedNewerSnapshot() throws IOException {
    RecoveryRequest match = new RecoveryRequest.Before(LogCut.BeforeMatch.of("SET key:1", 1));
    RecoveryPlan whole = new RecoveryPlanner(repository, NAME).plan(match);
    assertThat(whole.covers()).isEqualTo(NOW.plusSeconds(2));
    Manifest newer = newerSnapshot();
    ObjectKey damaged = RepositoryKeys.manifest(NAME, newer.id());
    store.truncate(damaged, 200);

    assertThatThrownBy(() -> new RecoveryPlanner(repository, NAME).plan(match))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.context()).containsEntry("object", damaged.value()));
  }

  @Test
  void aLogWhoseEndCannotBeDatedIsNotTheLatest() throws IOException {
    store.truncate(key(2), 0);

    assertThatThrownBy(this::plan)
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.context()).containsEntry("object", key(2).value()));
    RecoveryPlan before =
        new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.AtTime(NOW.plusSeconds(2)));
    assertThat(before.segments()).containsExactly(segments.get(0), segments.get(1));
  }

  @Test
  void aTimelineWhoseBeginningIsDamagedHidesNothingBeforeIt() throws IOException {
    SegmentName continued =
        new StoredLog(repository, NAME)
            .segment(
                "b".repeat(40),
                segments.getLast().end(),
                Optional.of(TIMELINE),
                List.of(new Write(NOW.plusSeconds(4), "SET key:4 value")));
    ObjectKey damaged = RepositoryKeys.segment(NAME, continued);
    store.truncate(damaged, 0);

    assertThatThrownBy(this::plan)
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.context()).containsEntry("object", damaged.value()));
    RecoveryPlanner planner = new RecoveryPlanner(repository, NAME);
    assertThat(planner.plan(new RecoveryRequest.AtTime(NOW.plusSeconds(3))).segments())
        .containsExactlyElementsOf(segments);
    SnapshotId snapshot = repository.snapshots(NAME).getFirst();
    assertThat(planner.plan(new RecoveryRequest.AtSnapshot(snapshot)).segments()).isEmpty();
  }

  @Test
  void aVersionThatIsDamagedIsDamage() {
    ObjectKey manifest = RepositoryKeys.manifest(NAME, repository.snapshots(NAME).getFirst());
    store.edit(
        manifest,
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replaceFirst("\"version\" : 1,", "\"version\" : 5,")
                .getBytes(StandardCharsets.UTF_8));

    isNamed(manifest, "the version");
  }

  @Test
  void aSegmentThatGoesMissingAfterThePlan() {
    RecoveryPlan plan = plan();
    store.lose(key(1));
    assertThatThrownBy(() -> restore(plan))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> assertThat(e.context()).containsEntry("object", key(1).value()));
  }

  private ObjectKey key(int segment) {
    return RepositoryKeys.segment(NAME, segments.get(segment));
  }

  private long sizeOf(ObjectKey key) throws IOException {
    return store.find(key).orElseThrow().sizeBytes();
  }

  private void isNamed(ObjectKey damaged, String description) {
    assertThat(check().status()).as(description).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(check().findings())
        .as(description)
        .anySatisfy(finding -> assertThat(finding.object()).isEqualTo(damaged.value()));
    assertThatThrownBy(this::restore)
        .as(description)
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.status()).isEqualTo(ExitStatus.CHECK_FAILED);
              assertThat(e.context()).containsEntry("object", damaged.value());
            });
  }

  private RepositoryCheck.Report check() {
    return new RepositoryCheck(repository).check();
  }

  private RecoveryPlan plan() {
    return new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.Latest());
  }

  private void restore() {
    restore(plan());
  }

  private void restore(RecoveryPlan plan) {
    new Materializer(repository).writeDataDirectory(plan, directory.resolve("try-" + restores++));
  }
}
