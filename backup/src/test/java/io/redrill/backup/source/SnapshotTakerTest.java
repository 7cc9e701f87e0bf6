package io.redrill.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.backup.RedrillException;
import io.redrill.backup.recovery.Materializer;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.rdb.RdbReading;
import io.redrill.storage.fixture.FaultyStore;
import io.redrill.storage.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Wherever the taking of a snapshot stops, what is listed can be restored.
@Timeout(60)
class SnapshotTakerTest {

  private static final SourceName NAME = SourceName.of("orders");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SEED = 99;

  @TempDir private Path directory;
  private final InstantSource clock = InstantSource.fixed(NOW);
  private final Random random = new Random(SEED);
  private final FaultyStore store = new FaultyStore(new MemoryStore(clock));
  private final Repository repository = Repository.init(store, clock, random);
  private final SnapshotTaker taker =
      new SnapshotTaker(repository, new PartOptions(1024, 3, 2), clock, random);

  @Test
  void everyPutMayFail() throws IOException {
    assertThat(
            failuresUntilNoneIsLeft((faulty, n) -> faulty.failCall(FaultyStore.Operation.PUT, n)))
        .isGreaterThan(5);
  }

  @Test
  void theStoreMayStayAwayFromAnyPutOn() throws IOException {
    assertThat(
            failuresUntilNoneIsLeft((faulty, n) -> {
              faulty.failFromCall(FaultyStore.Operation.PUT, n);
              faulty.failFromCall(FaultyStore.Operation.LIST, 1);
              faulty.failFromCall(FaultyStore.Operation.DELETE, 1);
            }))
        .isGreaterThan(5);
  }

  @Test
  void anyAnswerMayBeLostAndTheRemovalAfterItBreakOff() throws IOException {
    assertThat(
            failuresUntilNoneIsLeft((faulty, n) -> {
              faulty.loseAnswer(FaultyStore.Operation.PUT, n);
              faulty.failFromCall(FaultyStore.Operation.DELETE, 2);
            }))
        .isGreaterThan(5);
  }

  /// Returns how many calls could be made to fail.
  private int failuresUntilNoneIsLeft(ObjIntConsumer<FaultyStore> fault) throws IOException {
    byte[] rdb = MadeUpImage.rdb(100, random);
    for (int n = 1; ; n++) {
      fault.accept(store, n);
      boolean taken = take(rdb);
      store.heal();
      everythingListedRestores("call " + n);
      if (taken) {
        return n - 1;
      }
      assertThat(take(rdb)).as("the run after call %d failed", n).isTrue();
    }
  }

  private boolean take(byte[] rdb) throws IOException {
    try (SnapshotFeed feed = MadeUpImage.feed(rdb, NOW, Optional.empty())) {
      taker.store(NAME, feed, CaptureMode.DATA_DIR);
      return true;
    } catch (RedrillException e) {
      return false;
    }
  }

  private void everythingListedRestores(String description) {
    for (Manifest manifest : repository.manifests(NAME)) {
      new Materializer(repository).prove(manifest);
      assertThat(manifest.dataset().keys()).as("seed %d, %s", SEED, description).isEqualTo(100);
    }
  }

  /// Its elements are walked as they come, and stored as they stand.
  @Test
  void aValueLargerThanWhatIsHeldIsStoredAndRestored() throws IOException {
    byte[] rdb = MadeUpImage.rdbOfList(5, 4 << 20, random);
    assertThat(rdb.length).isGreaterThan(RdbReading.DEFAULT.heldBytes());
    SnapshotTaker large = new SnapshotTaker(repository, PartOptions.DEFAULT, clock, random);
    Manifest manifest;
    try (SnapshotFeed feed = MadeUpImage.feed(rdb, NOW, Optional.empty())) {
      manifest = large.store(NAME, feed, CaptureMode.DATA_DIR);
    }

    Path file = directory.resolve("restored.rdb");
    new Materializer(repository).writeRdb(manifest, file);
    assertThat(file).hasBinaryContent(rdb);
    assertThat(manifest.dataset().keys()).isEqualTo(1);
  }

  @Test
  void anRdbThatEndsEarlyIsNoSnapshot() throws IOException {
    byte[] rdb = MadeUpImage.rdb(100, random);
    for (int length : new int[] {0, 5, 9, rdb.length / 2, rdb.length - 9, rdb.length - 1}) {
      assertThat(take(Arrays.copyOf(rdb, length))).as("%d bytes", length).isFalse();
    }
    rdb[rdb.length / 2] ^= 1;
    assertThatThrownBy(() ->
            taker.store(NAME, MadeUpImage.feed(rdb, NOW, Optional.empty()), CaptureMode.DATA_DIR))
        .isInstanceOf(RedrillException.class);
    assertThat(repository.snapshots(NAME)).isEmpty();
    assertThat(repository.sources()).isEmpty();
  }
}
