package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.filter.KeyGlob;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The shards of a file hold together what the file holds, each key where its slot is, byte for
/// byte.
class RdbSplitTest {

  @TempDir private Path directory;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void dealsEveryKeyToItsShard(Path file) throws IOException {
    List<SlotSet> shards = SlotSet.even(3);
    List<byte[]> parts = split(file, RdbFilter.ALL, shards);
    List<RdbRecord> original = read(Files.readAllBytes(file));
    Map<String, String> expected = entries(original);

    Map<String, String> found = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      List<RdbRecord> part = read(parts.get(i));
      assertThat(RdbCheck.checkFile(ByteInput.of(parts.get(i), "part")).isSound()).isTrue();
      for (RdbRecord record : part) {
        if (record instanceof RdbRecord.Entry entry) {
          assertThat(shards.get(i).contains(KeySlot.of(entry.key()))).isTrue();
        }
      }
      assertThat(functions(part)).isEqualTo(functions(original));
      assertThat(sizes(part)).isEqualTo(entries(part).size());
      found.putAll(entries(part));
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void keepsWhatTheFilterKeeps(Path file) throws IOException {
    RdbFilter filter =
        new RdbFilter(
            Set.of(0),
            List.of(KeyGlob.of("app:*")),
            List.of(),
            Set.of(RdbKind.STRING, RdbKind.HASH),
            Optional.empty(),
            List.of());

    List<RdbRecord> kept =
        read(split(file, filter, List.of(SlotSet.range(0, KeySlot.COUNT - 1))).getFirst());

    Map<String, String> expected = new TreeMap<>();
    for (RdbRecord record : read(Files.readAllBytes(file))) {
      if (record instanceof RdbRecord.Entry entry
          && filter.keeps(
              entry.db(), ByteSlice.of(entry.key()), entry.expireAtMillis(), entry.type())) {
        expected.putAll(entries(List.of(entry)));
      }
    }
    assertThat(entries(kept)).isEqualTo(expected);
    assertThat(RdbReaderTest.texts(kept)).noneMatch(text -> text.startsWith("aux 7265706c2d"));
  }

  private static List<byte[]> split(Path file, RdbFilter filter, List<SlotSet> shards)
      throws IOException {
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbSplit split = RdbSplit.plan(source, filter, shards);
      List<ByteArrayOutputStream> outs =
          shards.stream().map(_ -> new ByteArrayOutputStream()).toList();
      split.write(new ArrayList<OutputStream>(outs));
      return outs.stream().map(ByteArrayOutputStream::toByteArray).toList();
    }
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

  private static List<String> functions(List<RdbRecord> records) {
    return RdbReaderTest.texts(records).stream()
        .filter(text -> text.startsWith("function") || text.startsWith("247"))
        .toList();
  }

  private static long sizes(List<RdbRecord> records) {
    long sum = 0;
    for (RdbRecord record : records) {
      sum += record instanceof RdbRecord.ResizeDb size ? size.keys() : 0;
    }
    return sum;
  }

  private static List<RdbRecord> read(byte[] file) throws IOException {
    return RdbReaderTest.records(ByteInput.of(file, "test"));
  }

  /// Of a command among the keys nobody can tell which of them it changes.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesCommandsBeforeAnythingIsWritten(int count) throws IOException {
    byte[] rdb =
        RdbBytes.file("VALKEY081")
            .key(0, "kept")
            .text("1")
            .put(242)
            .ascii("*3\r\n$3\r\nSET\r\n$6\r\nsecret\r\n$1\r\n2\r\n")
            .endUnchecked();
    Path file = Files.write(directory.resolve("commands.rdb"), rdb);
    List<SlotSet> shards =
        count == 1
            ? List.of(SlotSet.range(0, KeySlot.COUNT - 1))
            : List.of(SlotSet.range(0, 100), SlotSet.range(101, KeySlot.COUNT - 1));
    try (RdbSource source = RdbSource.open(file, bytes -> {})) {
      assertThatThrownBy(() -> RdbSplit.plan(source, RdbFilter.ALL, shards))
          .isInstanceOf(TooNewException.class)
          .hasMessageContaining("commands.rdb")
          .hasMessageContaining("a command of Valkey");
    }
  }
}
