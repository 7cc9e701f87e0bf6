package io.redrill.rdb.diff;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.diff.Difference.Change;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RdbDiffTest {

  private static final int AMPLE = 1 << 24;
  private static final long SEED = 42;

  @TempDir private Path directory;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  private RdbDiffReport diff(byte[] before, byte[] after, boolean ignoreExpiry, int memoryBytes)
      throws IOException {
    DiffOptions options =
        new DiffOptions(
            RdbFilter.ALL, ignoreExpiry, 10, ":", 1, new SpillLimits(directory, memoryBytes));
    try (RdbDiff diff = new RdbDiff(options)) {
      diff.before(ByteInput.of(before, "before.rdb"));
      diff.after(ByteInput.of(after, "after.rdb"));
      return diff.report();
    } finally {
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).isEmpty();
      }
    }
  }

  /// Fills an RDB.
  private interface Filling {
    void fill(RdbWriter writer) throws IOException;
  }

  private static byte[] rdb(Filling filling) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    filling.fill(writer);
    writer.end();
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static RdbValue string(String text) {
    return new StringValue(bytes(text));
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void aFileIsEqualToItself(Path file) throws IOException {
    byte[] rdb = Files.readAllBytes(file);

    RdbDiffReport report = diff(rdb, rdb, false, 4096);

    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.equalKeys()).isEqualTo(report.keysBefore()).isEqualTo(report.keysAfter());
  }

  /// The same data in plain encodings and another order is the same.
  @Test
  void encodingsAndOrderCountForNothing() throws IOException {
    byte[] packed = Corpus.golden("redis-7.0.15", "everything.rdb");
    List<RdbRecord.Entry> entries = new ArrayList<>();
    List<byte[]> functions = new ArrayList<>();
    RdbReader reader = new RdbReader(ByteInput.of(packed, "packed.rdb"));
    reader.header();
    for (RdbRecord record = reader.next();
        !(record instanceof RdbRecord.End);
        record = reader.next()) {
      if (record instanceof RdbRecord.Entry entry) {
        entries.add(entry);
      } else if (record instanceof RdbRecord.FunctionLibrary(byte[] source)) {
        functions.add(source);
      }
    }
    Collections.shuffle(entries, new Random(SEED));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, new RdbWriterOptions(11, false, true), plain());
    for (RdbRecord.Entry entry : entries) {
      writer.write(entry.db(), entry.key(), entry.expireAtMillis(), RdbValues.decode(entry));
    }
    for (byte[] source : functions) {
      writer.write(new RdbRecord.FunctionLibrary(source));
    }
    writer.end();

    RdbDiffReport report = diff(packed, out.toByteArray(), false, AMPLE);

    assertThat(report.differences()).as("seed %d", SEED).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.equalKeys()).isGreaterThan(20);
  }

  private static PackingLimits plain() {
    return new PackingLimits(0, 0, 0, 0, 0, 0, 0, 64, 64, 3);
  }

  @Test
  void printsLongKeysSoThatNoTwoLookAlike() throws IOException {
    List<String> keys = new ArrayList<>();
    for (String end : List.of("", "a", "b", "aa")) {
      keys.add("k".repeat(512) + end);
    }
    byte[] after =
        rdb(writer -> {
          for (String key : keys) {
            writer.write(0, bytes(key), -1, string("1"));
          }
        });

    RdbDiffReport report = diff(rdb(_ -> {}), after, false, AMPLE);

    assertThat(report.differences())
        .extracting(Difference::keyText)
        .hasSize(4)
        .doesNotHaveDuplicates()
        .allMatch(text -> text.startsWith(keys.getFirst()));
    assertThat(report.differences().getFirst().keyText()).isEqualTo(keys.getFirst());
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, AMPLE})
  void tellsEveryKindOfChange(int memoryBytes) throws IOException {
    byte[] before =
        rdb(writer -> {
          writer.write(0, bytes("a:same"), -1, string("1"));
          writer.write(0, bytes("a:value"), -1, string("1"));
          writer.write(0, bytes("b:expiry"), 5_000_000, string("1"));
          writer.write(0, bytes("kind"), -1, new ListValue(List.of(bytes("1"))));
          writer.write(0, bytes("gone"), -1, string("1"));
          writer.write(2, bytes("moved"), -1, string("1"));
        });
    byte[] after =
        rdb(writer -> {
          writer.write(3, bytes("moved"), -1, string("1"));
          writer.write(0, bytes("kind"), -1, new SetValue(List.of(bytes("1"))));
          writer.write(0, bytes("b:expiry"), -1, string("1"));
          writer.write(0, bytes("a:value"), 1, string("2"));
          writer.write(0, bytes("a:same"), -1, string("1"));
        });

    RdbDiffReport report = diff(before, after, false, memoryBytes);

    assertThat(report.isEqual()).isFalse();
    assertThat(report.equalKeys()).isEqualTo(1);
    assertThat(
            report.differences().stream()
                .map(each -> each.db() + " " + new String(each.key(), UTF_8) + " " + each.change()))
        .containsExactly(
            "0 a:value VALUE",
            "0 b:expiry EXPIRY",
            "0 gone REMOVED",
            "0 kind KIND",
            "2 moved REMOVED",
            "3 moved ADDED");
    Difference kind = report.differences().get(3);
    assertThat(kind.before().orElseThrow().kind()).isEqualTo(RdbKind.LIST);
    assertThat(kind.after().orElseThrow().kind()).isEqualTo(RdbKind.SET);
    assertThat(report.prefixes().top(5).stream().map(row -> new String(row.name(), UTF_8)))
        .containsExactly("a:", "b:");
    assertThat(diff(before, after, true, memoryBytes).counts()).doesNotContainKey(Change.EXPIRY);
  }

  /// Random changes to many keys, against the same changes counted in maps.
  @ParameterizedTest
  @ValueSource(ints = {5_000, AMPLE})
  void agreesWithAComparisonInMemory(int memoryBytes) throws IOException {
    Random random = new Random(SEED);
    Map<String, String> before = new TreeMap<>();
    Map<String, String> after = new TreeMap<>();
    for (int i = 0; i < 4_000; i++) {
      before.put("k" + random.nextInt(5_000), "v" + random.nextInt(3));
      after.put("k" + random.nextInt(5_000), "v" + random.nextInt(3));
    }
    long added = after.keySet().stream().filter(key -> !before.containsKey(key)).count();
    long removed = before.keySet().stream().filter(key -> !after.containsKey(key)).count();
    long equal =
        before.entrySet().stream()
            .filter(each -> each.getValue().equals(after.get(each.getKey())))
            .count();

    RdbDiffReport report =
        diff(
            rdb(writer -> all(writer, before)),
            rdb(writer -> all(writer, after)),
            false,
            memoryBytes);

    assertThat(report.counts().get(Change.ADDED)).as("seed %d", SEED).isEqualTo(added);
    assertThat(report.counts().get(Change.REMOVED)).isEqualTo(removed);
    assertThat(report.equalKeys()).isEqualTo(equal);
    assertThat(report.counts().get(Change.VALUE)).isEqualTo(before.size() - removed - equal);
    assertThat(report.differences()).hasSize(10).isSortedAccordingTo(Difference.ORDER);
  }

  private static void all(RdbWriter writer, Map<String, String> keys) throws IOException {
    List<String> names = new ArrayList<>(keys.keySet());
    Collections.shuffle(names, new Random(SEED));
    for (String name : names) {
      writer.write(0, bytes(name), -1, string(String.valueOf(keys.get(name))));
    }
  }

  @Test
  void comparesFunctionsByTheirNames() throws IOException {
    byte[] before =
        rdb(writer -> {
          writer.write(new RdbRecord.FunctionLibrary(bytes("#!lua name=one\nreturn 1")));
          writer.write(new RdbRecord.FunctionLibrary(bytes("#!lua name=two\nreturn 1")));
        });
    byte[] after =
        rdb(writer -> {
          writer.write(new RdbRecord.FunctionLibrary(bytes("#!lua name=two\nreturn 2")));
          writer.write(new RdbRecord.FunctionLibrary(bytes("#!lua name=three\nreturn 1")));
        });

    RdbDiffReport report = diff(before, after, false, AMPLE);

    assertThat(report.isEqual()).isFalse();
    assertThat(report.functions())
        .extracting(each -> each.name() + " " + each.change())
        .containsExactly("one REMOVED", "three ADDED", "two VALUE");
  }

  @Test
  void refusesAKeyThatStandsTwiceAndDamage() throws IOException {
    byte[] twice =
        rdb(writer -> {
          writer.write(0, bytes("k"), -1, string("1"));
          writer.write(0, bytes("k"), -1, string("1"));
        });
    byte[] empty = rdb(writer -> {});

    assertThatThrownBy(() -> diff(twice, empty, false, AMPLE))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("twice in database 0 of the first file");
    assertThatThrownBy(() -> diff(empty, new byte[3], false, AMPLE))
        .isInstanceOf(FormatException.class);
    assertThat(diff(empty, empty, false, AMPLE).isEqual()).isTrue();
  }
}
