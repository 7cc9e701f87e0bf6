package io.redrill.rdb.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.filter.KeyGlob;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is copied as its bytes go by is what copying record by record gives, wherever the buffers
/// end.
class RecordCopyTest {

  private static final int TRAILER = 8;
  private static final SlotSet ALL_SLOTS = SlotSet.range(0, KeySlot.COUNT - 1);

  @TempDir private Path directory;

  /// Of a few keys nearly all, half, or nearly none are kept.
  private static RdbFilter filter(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> filterBy(List.of(KeyGlob.of("*[02468]:*")));
      case 1 -> filterBy(List.of(KeyGlob.of("?:*")));
      case 2 ->
          new RdbFilter(
              Set.of(0, 2, 3), List.of(), List.of(), Set.of(), Optional.empty(), List.of());
      default ->
          new RdbFilter(
              Set.of(),
              List.of(),
              List.of(KeyGlob.of("*7:*")),
              Set.of(),
              Optional.of(SlotSet.range(0, random.nextInt(KeySlot.COUNT))),
              List.of());
    };
  }

  private static RdbFilter filterBy(List<KeyGlob> keys) {
    return new RdbFilter(Set.of(), keys, List.of(), Set.of(), Optional.empty(), List.of());
  }

  private static boolean keeps(RdbFilter filter, RdbRecord.Entry entry) {
    return filter.keeps(
        entry.db(), ByteSlice.of(entry.key()), entry.expireAtMillis(), entry.type());
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 97, 1000, 4096, 262_144})
  void dealsAsCopyingRecordByRecordDoes(int bufferBytes) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] bytes = RandomFile.of(random, 10);
    RdbFilter filter = filter(random);
    for (List<SlotSet> shards : List.of(List.of(ALL_SLOTS), SlotSet.even(3))) {
      List<byte[]> dealt = split(bytes, bufferBytes, filter, shards);
      for (int i = 0; i < shards.size(); i++) {
        assertThat(dealt.get(i))
            .as("seed %d, %s", seed, shards.get(i))
            .isEqualTo(byRecords(bytes, filter, shards.get(i), true));
      }
    }
    assertThat(merge(bytes, bufferBytes, filter))
        .as("seed %d", seed)
        .isEqualTo(byRecords(bytes, filter, ALL_SLOTS, false));
  }

  /// More than a plan has room for, so that the file is read record by record again.
  @Test
  void dealsMoreDatabasesThanArePlanned() throws IOException {
    RdbBytes rdb = RdbBytes.file("REDIS0010");
    for (int db = 0; db < 2000; db++) {
      rdb.put(254).length(db).key(0, "k" + db).text("v");
    }
    byte[] bytes = rdb.end();

    assertThat(merge(bytes, 4096, RdbFilter.ALL)).isEqualTo(bytes);
    assertThat(convert(bytes, 4096, RdbTarget.REDIS_7_0, filterBy(List.of(KeyGlob.of("k*")))))
        .isEqualTo(bytes);
  }

  /// The ranges of every second key, in plans with and without room for them.
  @ParameterizedTest
  @ValueSource(ints = {0, 100, CopyPlan.MAX_RANGE_BYTES})
  void plansAsFarAsThereIsRoom(int maxRangeBytes) throws IOException {
    byte[] bytes = RandomFile.plain();
    Path file = directory.resolve("planned.rdb");
    Files.write(file, bytes);
    RdbFilter filter = filterBy(List.of(KeyGlob.of("*[02468]:*")));
    CopyPlan plan = new CopyPlan(maxRangeBytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbSource source = RdbSource.open(file, _ -> {}, 1000, RdbReading.DEFAULT)) {
      CompatSurvey.of(source, RdbTarget.REDIS_7_0, filter, 0, plan);
      if (!plan.isGivenUp()) {
        RdbSink sink = new RdbSink(out, RdbWriterOptions.of(10));
        plan.write(source, sink, _ -> Optional.empty());
        sink.write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
      }
    }

    assertThat(plan.isGivenUp()).isEqualTo(maxRangeBytes < CopyPlan.MAX_RANGE_BYTES);
    assertThat(out.toByteArray())
        .isEqualTo(plan.isGivenUp() ? new byte[0] : byRecords(bytes, filter, ALL_SLOTS, false));
  }

  /// The bytes of a shard, put together from the bytes of the records; `hasSizes` says whether
  /// those of the databases are there, too.
  private static byte[] byRecords(byte[] bytes, RdbFilter filter, SlotSet slots, boolean hasSizes)
      throws IOException {
    Map<Integer, long[]> sizes = new TreeMap<>();
    eachRecord(
        bytes,
        (record, raw) -> {
          if (record instanceof RdbRecord.Entry entry
              && keeps(filter, entry)
              && slots.contains(KeySlot.of(entry.key()))) {
            long[] size = sizes.computeIfAbsent(entry.db(), _ -> new long[2]);
            size[0]++;
            size[1] += entry.expireAtMillis() < 0 ? 0 : 1;
          }
        });
    RdbBytes expected = RdbBytes.file("REDIS0010");
    int[] db = {-1};
    boolean[] isLastKept = {false};
    eachRecord(
        bytes,
        (record, raw) -> {
          if (record instanceof RdbRecord.Entry entry) {
            isLastKept[0] = keeps(filter, entry) && slots.contains(KeySlot.of(entry.key()));
            if (isLastKept[0] && db[0] != entry.db()) {
              db[0] = entry.db();
              long[] size = sizes.getOrDefault(db[0], new long[2]);
              expected.put(254).length(db[0]);
              if (hasSizes) {
                expected.put(251).length(size[0]).length(size[1]);
              }
            }
            if (isLastKept[0]) {
              expected.raw(raw);
            }
          } else if (record instanceof RdbRecord.Aux(byte[] name, byte[] _)) {
            String text = new String(name, StandardCharsets.ISO_8859_1);
            if (text.startsWith("keydb-") ? isLastKept[0] : !text.startsWith("repl-")) {
              expected.raw(raw);
            }
          }
        });
    return expected.end();
  }

  private interface RawVisitor {
    void visit(RdbRecord record, byte[] raw);
  }

  private static void eachRecord(byte[] bytes, RawVisitor visitor) throws IOException {
    ByteInput in = ByteInput.of(bytes, "whole");
    RdbReader reader = new RdbReader(in);
    for (RdbRecord record = reader.next();
        !(record instanceof RdbRecord.End);
        record = reader.next()) {
      visitor.visit(
          record, Arrays.copyOfRange(bytes, (int) reader.recordOffset(), (int) in.offset()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 97, 1000, 4096, 262_144})
  void mixesWhatStaysWithWhatChanges(int bufferBytes) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] bytes = RandomFile.of(random, 10);
    RdbFilter filter = filter(random);
    RdbTarget target = RdbTarget.REDIS_6_2;

    byte[] written = convert(bytes, bufferBytes, target, filter);

    List<String> expected = new ArrayList<>();
    eachRecord(
        bytes,
        (record, raw) -> {
          if (record instanceof RdbRecord.Entry entry && keeps(filter, entry)) {
            expected.add(shown(entry, raw, target));
          }
        });
    List<String> found = new ArrayList<>();
    eachRecord(
        written,
        (record, raw) -> {
          if (record instanceof RdbRecord.Entry entry) {
            assertThat(target.reads(entry.type())).isTrue();
            found.add(shown(entry, raw, target));
          }
        });
    assertThat(found).as("seed %d", seed).isEqualTo(expected);
  }

  /// A key by its bytes if it stays as it is, else by what it holds.
  private static String shown(RdbRecord.Entry entry, byte[] raw, RdbTarget target) {
    try {
      String content =
          entry.type() == RdbType.STRING && target.reads(entry.type())
              ? Arrays.toString(raw)
              : content(RdbValues.decode(entry));
      return "%d %s %d %s"
          .formatted(
              entry.db(),
              new String(entry.key(), StandardCharsets.ISO_8859_1),
              entry.expireAtMillis(),
              content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String content(RdbValue value) {
    return switch (value) {
      case RdbValue.ListValue list -> list.elements().stream().map(Arrays::toString).toList() + "";
      case RdbValue.HashValue hash -> Arrays.toString(hash.fields().getFirst().value());
      default -> throw new AssertionError("no such value was written");
    };
  }

  /// With a checksum, with zero in its place, and of a version that has none.
  @ParameterizedTest
  @ValueSource(ints = {64, 5000, 262_144})
  void whatChangesInNothingIsTheSameFile(int bufferBytes) throws IOException {
    byte[] bytes = RandomFile.plain();
    byte[] unchecked = bytes.clone();
    Arrays.fill(unchecked, bytes.length - TRAILER, bytes.length, (byte) 0);
    RdbBytes old = RdbBytes.file("REDIS0003").put(254, 0, 0, 1, 'k', 1, 'v', 255);
    RdbBytes recent = RdbBytes.file("REDIS0010").put(254, 0, 0, 1, 'k', 1, 'v');

    RdbTarget target = RdbTarget.REDIS_7_0;
    assertThat(convert(bytes, bufferBytes, target, RdbFilter.ALL)).isEqualTo(bytes);
    assertThat(convert(unchecked, bufferBytes, target, RdbFilter.ALL)).isEqualTo(bytes);
    assertThat(convert(old.bytes(), bufferBytes, target, RdbFilter.ALL)).isEqualTo(recent.end());
  }

  /// Lengths in a longer form than they need would come out shorter if they were written anew.
  @Test
  void keepsOddFormsOfWhatChangesInNothing() throws IOException {
    RdbBytes odd =
        RdbBytes.file("REDIS0010").put(254, 0x40, 3).put(251).put(0x80, 0, 0, 0, 1).put(0x40, 0);
    byte[] bytes = odd.put(0, 1, 'k', 0x40, 1, 'v').end();

    assertThat(convert(bytes, 64, RdbTarget.REDIS_7_0, RdbFilter.ALL)).isEqualTo(bytes);
  }

  @Test
  void anExpiryThatStandsApartGoesWithItsKey() throws IOException {
    RdbBytes rdb = RdbBytes.file("REDIS0010").put(254, 0).put(0, 1, 'a', 1, '1');
    rdb.put(252).little(8, 77).put(250, 1, 'n', 1, 'v').put(250).text("x".repeat(90)).put(1, 'v');
    byte[] bytes = rdb.put(0, 1, 'b', 1, '2').put(0, 1, 'c', 1, '3').end();
    RdbFilter onlyB = filterBy(List.of(KeyGlob.of("b")));

    for (int bufferBytes : new int[] {64, 70, 262_144}) {
      for (byte[] written :
          List.of(
              convert(bytes, bufferBytes, RdbTarget.REDIS_7_0, onlyB),
              split(bytes, bufferBytes, onlyB, List.of(ALL_SLOTS)).getFirst())) {
        List<String> found = new ArrayList<>();
        eachRecord(
            written,
            (record, raw) -> {
              switch (record) {
                case RdbRecord.Entry entry ->
                    found.add((char) entry.key()[0] + " " + entry.expireAtMillis());
                case RdbRecord.Aux(byte[] name, byte[] _) -> found.add("aux " + name.length);
                default -> {
                  // how many keys there are
                }
              }
            });
        assertThat(found).containsExactly("aux 1", "aux 90", "b 77");
      }
    }
  }

  private byte[] convert(byte[] bytes, int bufferBytes, RdbTarget target, RdbFilter filter)
      throws IOException {
    Path file = directory.resolve("source.rdb");
    Files.write(file, bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbSource source = RdbSource.open(file, _ -> {}, bufferBytes, RdbReading.DEFAULT)) {
      RdbConversion.plan(source, target, filter, PackingLimits.DEFAULT, true, 0)
          .write(out, EnumSet.allOf(Loss.class));
    }
    return out.toByteArray();
  }

  private List<byte[]> split(byte[] bytes, int bufferBytes, RdbFilter filter, List<SlotSet> shards)
      throws IOException {
    Path file = directory.resolve("source.rdb");
    Files.write(file, bytes);
    List<ByteArrayOutputStream> outs =
        shards.stream().map(_ -> new ByteArrayOutputStream()).toList();
    try (RdbSource source = RdbSource.open(file, _ -> {}, bufferBytes, RdbReading.DEFAULT)) {
      RdbSplit.plan(source, filter, shards).write(new ArrayList<OutputStream>(outs));
    }
    return outs.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  private byte[] merge(byte[] bytes, int bufferBytes, RdbFilter filter) throws IOException {
    Path file = directory.resolve("source.rdb");
    Files.write(file, bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbSource source = RdbSource.open(file, _ -> {}, bufferBytes, RdbReading.DEFAULT);
        RdbMerge merge =
            RdbMerge.plan(
                List.of(source),
                filter,
                OnConflict.ERROR,
                10,
                directory.resolve("work"),
                _ -> {})) {
      merge.write(out, _ -> {});
    }
    return out.toByteArray();
  }
}
