package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.convert.OnConflict;
import io.redrill.rdb.convert.RdbMerge;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RdbMergeTest {

  @TempDir private Path directory;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void whatWasSplitBecomesWholeAgain(Path file) throws IOException {
    List<Path> shards = split(file, 3);

    Merged merged = merge(OnConflict.ERROR, shards);

    List<RdbRecord> original = read(Files.readAllBytes(file));
    List<RdbRecord> whole = read(merged.bytes);
    assertThat(merged.conflicts).isZero();
    assertThat(entries(whole)).isEqualTo(entries(original));
    assertThat(named(whole)).isEqualTo(named(original));
    assertThat(RdbCheck.checkFile(ByteInput.of(merged.bytes, "merged")).isSound()).isTrue();
  }

  @Test
  void theFirstOrTheLastFileCounts() throws IOException {
    Path one = write("one.rdb", 10, Map.of("a", "1", "both", "1"), "#!lua name=lib\n-- one");
    Path two = write("two.rdb", 11, Map.of("b", "2", "both", "2"), "#!lua name=lib\n-- two");

    Merged first = merge(OnConflict.FIRST, List.of(one, two));
    Merged last = merge(OnConflict.LAST, List.of(one, two));

    assertThat(strings(first.bytes)).isEqualTo(Map.of("a", "1", "both", "1", "b", "2"));
    assertThat(strings(last.bytes)).isEqualTo(Map.of("a", "1", "both", "2", "b", "2"));
    assertThat(first.keys).isEqualTo(last.keys).isEqualTo(3);
    assertThat(first.conflicts).isEqualTo(2);
    assertThat(first.text)
        .contains("db 0 both in [" + one + ", " + two)
        .contains("function library lib");
    assertThat(named(read(first.bytes))).hasSize(1);
    assertThat(named(read(last.bytes))).hasSize(1).isNotEqualTo(named(read(first.bytes)));
    assertThat(new RdbReader(ByteInput.of(last.bytes, "last")).header().version()).isEqualTo(11);
  }

  @Test
  void refusesConflicts() throws IOException {
    Path one = write("one.rdb", 10, Map.of("k", "1"), "");
    Path two = write("two.rdb", 10, Map.of("k", "1"), "");

    assertThatThrownBy(() -> merge(OnConflict.ERROR, List.of(one, two)))
        .isInstanceOf(IllegalStateException.class);
    try (Stream<Path> files = Files.list(directory.resolve("work"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void tellsLongKeysApartThatBeginAlike() throws IOException {
    String begin = "k".repeat(512);
    Path one = write("one.rdb", 10, Map.of(begin + "a", "1", begin, "1", begin + "both", "1"), "");
    Path two = write("two.rdb", 10, Map.of(begin + "b", "2", begin + "both", "2"), "");

    Merged merged = merge(OnConflict.LAST, List.of(one, two));

    assertThat(strings(merged.bytes))
        .isEqualTo(Map.of(begin + "a", "1", begin, "1", begin + "b", "2", begin + "both", "2"));
    assertThat(merged.conflicts).isEqualTo(1);
    assertThat(merged.text)
        .containsPattern("db 0 " + begin + "\\.\\.\\. \\(516 bytes, SHA-256 [0-9a-f]{64}\\) in ");
  }

  @Test
  void namesConflictingKeysSoThatNoTwoLookAlike() throws IOException {
    Map<String, String> strings = new TreeMap<>();
    for (String end : List.of("a", "b", "x".repeat(600) + "a", "x".repeat(600) + "b")) {
      strings.put("k".repeat(200) + end, "v");
    }
    List<Path> files = List.of(write("1.rdb", 10, strings, ""), write("2.rdb", 10, strings, ""));

    try (RdbMerge merge = plan(OnConflict.FIRST, open(files))) {
      assertThat(merge.conflicts())
          .extracting(RdbMerge.Conflict::name)
          .hasSize(4)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aFunctionOfTwoLibrariesIsAConflict() throws IOException {
    String source = "#!lua name=%s\nredis.register_function('%s', function() return 1 end)";
    Path one = write("one.rdb", 10, Map.of(), source.formatted("one", "f"));
    Path two = write("two.rdb", 10, Map.of(), source.formatted("two", "F"));
    Path three = write("three.rdb", 10, Map.of(), source.formatted("three", "g"));
    List<Path> files = List.of(one, two, three);

    try (RdbMerge merge = plan(OnConflict.ERROR, open(files))) {
      assertThat(merge.conflicts())
          .singleElement()
          .asString()
          .isEqualTo(
              "the function f of function library one and function library two in [%s, %s]"
                  .formatted(one, two));
    }
    assertThat(libraries(merge(OnConflict.FIRST, files))).containsExactly("one", "three");
    assertThat(libraries(merge(OnConflict.LAST, files))).containsExactly("two", "three");
    try (RdbMerge merge = plan(OnConflict.ERROR, open(List.of(one, three)))) {
      assertThat(merge.conflictCount()).isZero();
      assertThat(merge.mixedLibraries())
          .extracting(RdbMerge.Conflict::name)
          .containsExactly("function library one", "function library three");
    }
    try (RdbMerge merge = plan(OnConflict.ERROR, open(List.of(one, one)))) {
      assertThat(merge.conflictCount()).isZero();
      assertThat(merge.mixedLibraries()).isEmpty();
    }
  }

  private static List<String> libraries(Merged merged) throws IOException {
    List<String> names = new ArrayList<>();
    for (RdbRecord record : read(merged.bytes)) {
      if (record instanceof RdbRecord.FunctionLibrary(byte[] source)) {
        FunctionSource.libraryName(source).ifPresent(names::add);
      }
    }
    return names;
  }

  private RdbMerge plan(OnConflict onConflict, List<RdbSource> sources) throws IOException {
    int version = RdbMerge.commonVersion(sources).orElseThrow();
    Path work = directory.resolve("work");
    return RdbMerge.plan(sources, RdbFilter.ALL, onConflict, version, work, _ -> {});
  }

  @Test
  void aKeyTwiceInOneFileIsDamage() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(10));
    rdb.write(0, text("twice"), -1, new RdbValue.StringValue(text("a")));
    rdb.write(0, text("twice"), -1, new RdbValue.StringValue(text("b")));
    rdb.end();
    Path file = directory.resolve("twice.rdb");
    Files.write(file, out.toByteArray());

    assertThatThrownBy(() -> merge(OnConflict.FIRST, List.of(file)))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e.problem()).isEqualTo("a key stands twice in the file");
              assertThat(e.key()).contains("twice");
              assertThat(e.input()).isEqualTo(file.toString());
            });
  }

  @Test
  void joinsDialectsWhereOneHoldsTheOther() throws IOException {
    Path old = write("old.rdb", 11, Map.of(), "");
    Path recent = write("recent.rdb", 12, Map.of(), "");
    Path valkey = write("valkey.rdb", 80, Map.of(), "");

    assertThat(commonVersion(old, recent)).isEqualTo("12");
    assertThat(commonVersion(old, valkey)).isEqualTo("80");
    assertThat(commonVersion(recent, valkey)).isEqualTo("none");
  }

  private static String commonVersion(Path... files) throws IOException {
    List<RdbSource> sources = open(List.of(files));
    String version = RdbMerge.commonVersion(sources).map(String::valueOf).orElse("none");
    for (RdbSource source : sources) {
      source.close();
    }
    return version;
  }

  private record Merged(byte[] bytes, long keys, long conflicts, String text) {}

  private Merged merge(OnConflict onConflict, List<Path> files) throws IOException {
    List<RdbSource> sources = open(files);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbMerge merge = plan(onConflict, sources)) {
      merge.write(out, _ -> {});
      return new Merged(
          out.toByteArray(), merge.keys(), merge.conflictCount(), merge.conflicts().toString());
    } finally {
      for (RdbSource source : sources) {
        source.close();
      }
    }
  }

  private static List<RdbSource> open(List<Path> files) throws IOException {
    List<RdbSource> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(RdbSource.open(file, _ -> {}));
    }
    return sources;
  }

  private List<Path> split(Path file, int count) throws IOException {
    List<Path> shards = new ArrayList<>();
    List<OutputStream> outs = new ArrayList<>();
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      for (int i = 0; i < count; i++) {
        shards.add(directory.resolve("shard-" + i));
        outs.add(Files.newOutputStream(shards.getLast()));
      }
      RdbSplit.plan(source, RdbFilter.ALL, SlotSet.even(count)).write(outs);
      for (OutputStream out : outs) {
        out.close();
      }
    }
    return shards;
  }

  private Path write(String name, int version, Map<String, String> strings, String library)
      throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(version));
      if (!library.isEmpty()) {
        rdb.write(new RdbRecord.FunctionLibrary(text(library)));
      }
      for (Map.Entry<String, String> each : strings.entrySet()) {
        rdb.write(0, text(each.getKey()), -1, new RdbValue.StringValue(text(each.getValue())));
      }
      rdb.end();
    }
    return file;
  }

  private static Map<String, String> strings(byte[] file) throws IOException {
    Map<String, String> strings = new TreeMap<>();
    for (RdbRecord record : read(file)) {
      if (record instanceof RdbRecord.Entry entry
          && RdbValues.decode(entry) instanceof RdbValue.StringValue(byte[] value)) {
        strings.put(
            new String(entry.key(), StandardCharsets.UTF_8),
            new String(value, StandardCharsets.UTF_8));
      }
    }
    return strings;
  }

  private static Map<String, String> entries(List<RdbRecord> records) {
    Map<String, String> entries = new TreeMap<>();
    for (RdbRecord record : records) {
      if (record instanceof RdbRecord.Entry entry) {
        entries.put(
            entry.db() + " " + java.util.Arrays.toString(entry.key()),
            RdbReaderTest.texts(List.of(entry)).getFirst());
      }
    }
    return entries;
  }

  /// Function libraries and modules' aux fields.
  private static List<String> named(List<RdbRecord> records) {
    return RdbReaderTest.texts(records).stream()
        .filter(text -> text.startsWith("function") || text.startsWith("247"))
        .toList();
  }

  private static List<RdbRecord> read(byte[] file) throws IOException {
    return RdbReaderTest.records(ByteInput.of(file, "test"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
