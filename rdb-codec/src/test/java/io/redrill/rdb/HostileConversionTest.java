package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.convert.Loss;
import io.redrill.rdb.convert.OnConflict;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbMerge;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Damaged files whose checksum says nothing: they are refused as damaged, or what comes of them
/// can be read; nothing else happens.
class HostileConversionTest {

  private static final int ROUNDS = 80;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "redis-7.2.6, small-unpacked.rdb",
    "redis-7.2.6, large-packed.rdb",
    "redis-6.2.16, everything-plain-text.rdb",
    "valkey-9.1.2, everything-plain-text.rdb"
  })
  void refusesOrWritesWhatCanBeRead(String server, String name) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] healthy = Corpus.golden(server, name);
    List<RdbTarget> targets = List.of(RdbTarget.values());
    Path file = directory.resolve("hostile.rdb");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = healthy.clone();
      Arrays.fill(bytes, bytes.length - 8, bytes.length, (byte) 0);
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[9 + random.nextInt(bytes.length - 17)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      RdbTarget target = targets.get(random.nextInt(targets.size()));
      String what = "seed %d, round %d, for %s".formatted(seed, round, target);
      try {
        assertThat(entries(convert(file, target))).as(what).isNotNegative();
        assertThat(splitAndMerge(file)).as(what).isEqualTo(entries(bytes));
      } catch (FormatException refused) {
        assertThat(refused.input()).as("%s: %s", what, refused).isEqualTo(file.toString());
      }
    }
  }

  private static byte[] convert(Path file, RdbTarget target) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbConversion.plan(source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0)
          .write(out, EnumSet.allOf(Loss.class));
    }
    return out.toByteArray();
  }

  private long splitAndMerge(Path file) throws IOException {
    long keys = 0;
    try (RdbSource source = RdbSource.open(file, _ -> {});
        RdbMerge merge =
            RdbMerge.plan(
                List.of(source),
                RdbFilter.ALL,
                OnConflict.FIRST,
                RdbMerge.commonVersion(List.of(source)).orElseThrow(),
                directory.resolve("work"),
                _ -> {})) {
      List<ByteArrayOutputStream> outs = new ArrayList<>();
      List<SlotSet> shards = SlotSet.even(4);
      shards.forEach(_ -> outs.add(new ByteArrayOutputStream()));
      RdbSplit.plan(source, RdbFilter.ALL, shards).write(new ArrayList<OutputStream>(outs));
      for (ByteArrayOutputStream out : outs) {
        keys += entries(out.toByteArray());
      }
      ByteArrayOutputStream merged = new ByteArrayOutputStream();
      merge.write(merged, _ -> {});
      assertThat(entries(merged.toByteArray())).isEqualTo(keys);
    }
    return keys;
  }

  private static long entries(byte[] file) throws IOException {
    return RdbReaderTest.records(ByteInput.of(file, "test")).stream()
        .filter(RdbRecord.Entry.class::isInstance)
        .count();
  }

  @Test
  void saysWhereADamagedValueStands() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(10));
    rdb.write(
        new RdbRecord.Entry(
            0, new byte[] {'k'}, -1, -1, -1, RdbType.HASH_LISTPACK, new byte[] {2, 'n', 'o'}));
    rdb.end();
    Path file = directory.resolve("damaged.rdb");
    Files.write(file, out.toByteArray());

    assertThatThrownBy(() -> convert(file, RdbTarget.REDIS_6_2))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e.input()).isEqualTo(file.toString());
              assertThat(e.key()).contains("k");
              assertThat(e.offset()).isEqualTo(14);
            });
  }

  /// Not as too large for the memory: what a length claims is not there.
  @ParameterizedTest
  @CsvSource({
    "16, redis-6.2",
    "17, redis-6.2",
    "18, redis-6.2",
    "20, redis-6.2",
    "24, redis-7.2",
    "26, redis-7.2"
  })
  void aValueThatOnlyClaimsToBeLargeIsCutShort(int type, String target) throws IOException {
    RdbBytes rdb = RdbBytes.file("REDIS0013").key(0, "before").text("v").key(type, "claims");
    switch (type) {
      case 18 -> rdb.length(1).put(2);
      case 26 -> rdb.length(1).text("1234567812345678");
      case 24 -> rdb.little(8, 0).length(1).length(0).text("field");
      default -> {
        // the length comes at once
      }
    }
    rdb.length(1L << 40).ascii("cut");
    Path file = directory.resolve("claims.rdb");
    Files.write(file, rdb.bytes());

    assertThatThrownBy(() -> convert(file, RdbTarget.named(target).orElseThrow()))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e).hasMessageContaining("ends inside a value");
              assertThat(e.key()).contains("claims");
            });
  }
}
