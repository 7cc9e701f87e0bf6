package io.redrill.rdb.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.OpaqueValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RdbStatsTest {

  private static final long NOW = 1_800_000_000_000L;
  private static final long SEED = 3;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  private static RdbStatsReport stats(byte[] rdb) throws IOException {
    StatsOptions options = new StatsOptions(RdbFilter.ALL, NOW, 5, ":", 1, Jemalloc.BUNDLED);
    return RdbStats.read(ByteInput.of(rdb, "test.rdb"), options);
  }

  /// Counts without unpacking agree with counts of decoded values.
  @ParameterizedTest
  @MethodSource("healthyFiles")
  void countsWhatTheValuesHold(Path file) throws IOException {
    byte[] rdb = Files.readAllBytes(file);
    long keys = 0;
    long elements = 0;
    RdbReader reader = new RdbReader(ByteInput.of(rdb, "test.rdb"));
    reader.header();
    for (RdbRecord record = reader.next();
        !(record instanceof RdbRecord.End);
        record = reader.next()) {
      if (record instanceof RdbRecord.Entry entry) {
        keys++;
        elements += elements(RdbValues.decode(entry));
      }
    }

    RdbStatsReport report = stats(rdb);

    assertThat(report.isWhole()).isTrue();
    assertThat(report.total().keys()).isEqualTo(keys);
    assertThat(report.total().elements()).isEqualTo(elements);
    assertThat(report.total().storedBytes()).isLessThan(rdb.length);
    for (var tallies :
        List.of(report.databases(), report.kinds(), report.types(), report.expiries())) {
      assertThat(tallies.values().stream().mapToLong(Tally::keys).sum()).isEqualTo(keys);
      assertThat(tallies.values().stream().mapToLong(Tally::memoryBytes).sum())
          .isEqualTo(report.total().memoryBytes());
    }
    assertThat(report.biggestStored()).hasSize((int) Math.min(5, keys));
    assertThat(report.biggestMemory())
        .isSortedAccordingTo((a, b) -> Long.compare(b.memoryBytes(), a.memoryBytes()));
  }

  private static long elements(RdbValue value) {
    return switch (value) {
      case StringValue _, ModuleValue _, OpaqueValue _ -> 1;
      case ListValue list -> list.elements().size();
      case SetValue set -> set.members().size();
      case SortedSetValue sortedSet -> sortedSet.members().size();
      case HashValue hash -> hash.fields().size();
      case StreamValue stream -> stream.entries().size();
      case ArrayValue array -> array.elements().size();
      case VectorSetValue vectors -> vectors.vectors().size();
    };
  }

  @Test
  void anEmptyFileHasNothing() throws IOException {
    RdbStatsReport report = stats(Corpus.golden("redis-7.0.15", "empty.rdb"));

    assertThat(report.isWhole()).isTrue();
    assertThat(report.total()).isEqualTo(Tally.NOTHING);
    assertThat(report.databases()).isEmpty();
  }

  @Test
  void keepsNoBiggestKeysWhereNoneAreAskedFor() throws IOException {
    byte[] rdb = Corpus.golden("redis-7.0.15", "everything.rdb");
    StatsOptions options = new StatsOptions(RdbFilter.ALL, NOW, 0, ":", 1, Jemalloc.BUNDLED);

    RdbStatsReport report = RdbStats.read(ByteInput.of(rdb, "test.rdb"), options);

    assertThat(report.biggestStored()).isEmpty();
    assertThat(report.biggestElements()).isEmpty();
    assertThat(report.biggestMemory()).isEmpty();
  }

  @Test
  void saysWhereDamageEndedTheReading() throws IOException {
    byte[] rdb = Corpus.golden("redis-7.0.15", "everything.rdb");
    byte[] cut = java.util.Arrays.copyOf(rdb, rdb.length / 2);

    RdbStatsReport report = stats(cut);

    assertThat(report.isWhole()).isFalse();
    assertThat(report.damage()).isPresent();
    assertThat(report.total().keys()).isBetween(1L, stats(rdb).total().keys() - 1);
  }

  /// Whatever the bytes: an answer, and no failure but those that are told.
  @Test
  void takesHostileBytes() throws IOException {
    byte[] rdb = Corpus.golden("redis-7.0.15", "everything.rdb");
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 3_000; round++) {
      byte[] hostile = rdb.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        hostile[9 + random.nextInt(hostile.length - 9)] = (byte) random.nextInt(256);
      }
      RdbStatsReport report = stats(hostile);
      assertThat(report.total().memoryBytes()).as("seed %d, round %d", SEED, round).isNotNegative();
      assertThat(report.total().elements()).isNotNegative();
    }
  }

  @Test
  void bandsBeginAndEndAtTheirMoments() {
    assertThat(ExpiryBand.of(RdbRecord.Entry.NO_EXPIRY, NOW)).isEqualTo(ExpiryBand.NEVER);
    assertThat(ExpiryBand.of(NOW, NOW)).isEqualTo(ExpiryBand.PAST);
    assertThat(ExpiryBand.of(Long.MIN_VALUE, NOW)).isEqualTo(ExpiryBand.PAST);
    assertThat(ExpiryBand.of(NOW + 1, NOW)).isEqualTo(ExpiryBand.HOUR);
    assertThat(ExpiryBand.of(NOW + 3_600_000, NOW)).isEqualTo(ExpiryBand.HOUR);
    assertThat(ExpiryBand.of(NOW + 3_600_001, NOW)).isEqualTo(ExpiryBand.DAY);
    assertThat(ExpiryBand.of(NOW + 7 * 86_400_000L, NOW)).isEqualTo(ExpiryBand.WEEK);
    assertThat(ExpiryBand.of(NOW + 30 * 86_400_000L + 1, NOW)).isEqualTo(ExpiryBand.LATER);
    assertThat(ExpiryBand.of(Long.MAX_VALUE, -5)).isEqualTo(ExpiryBand.LATER);
  }

  @Test
  void knowsJemallocsSizes() {
    assertThat(
            List.of(1L, 9L, 17L, 40L, 65L, 129L, 536L, 2049L, 20_000L).stream()
                .map(Jemalloc.BUNDLED::usable))
        .containsExactly(8L, 16L, 24L, 40L, 80L, 160L, 640L, 2560L, 20_480L);
    assertThat(List.of(1L, 9L, 17L, 40L, 65L).stream().map(Jemalloc.SYSTEM::usable))
        .containsExactly(8L, 16L, 32L, 48L, 80L);
    assertThat(List.of(0L, 4L, 5L, 8L, 9L, 1000L).stream().map(MemoryModel::slots))
        .containsExactly(4L, 4L, 8L, 8L, 16L, 1024L);
  }

  @Test
  void leavesOutWhatTheFilterDoesNotKeep() throws IOException {
    byte[] rdb = Corpus.golden("redis-7.0.15", "everything.rdb");
    RdbFilter strings =
        new RdbFilter(
            java.util.Set.of(),
            List.of(),
            List.of(),
            java.util.Set.of(io.redrill.rdb.RdbKind.STRING),
            Optional.empty(),
            List.of());
    StatsOptions options = new StatsOptions(strings, NOW, 5, ":", 1, Jemalloc.BUNDLED);

    RdbStatsReport report = RdbStats.read(ByteInput.of(rdb, "test.rdb"), options);

    assertThat(report.kinds()).containsOnlyKeys(io.redrill.rdb.RdbKind.STRING);
    assertThat(report.total().keys() + report.filteredOut()).isEqualTo(stats(rdb).total().keys());
    assertThat(report.biggestStored().stream().map(key -> new String(key.key(), UTF_8)))
        .isNotEmpty();
  }
}
