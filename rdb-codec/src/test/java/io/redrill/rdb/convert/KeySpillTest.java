package io.redrill.rdb.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.KeyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySpillTest {

  @TempDir private Path directory;

  /// The smaller the memory, the deeper the dealing; the answer is the same.
  @ParameterizedTest
  @ValueSource(ints = {800, 4_000, 10_000_000})
  void findsWhatRepeats(int memoryBytes) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, List<Integer>> expected = new TreeMap<>();
    Map<String, List<Integer>> found = new TreeMap<>();
    try (KeySpill spill = new KeySpill(directory, memoryBytes)) {
      for (int source = 0; source < 3; source++) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (int i = 0; i < 2_000; i++) {
          numbers.add(random.nextInt(10_000));
        }
        for (int number : numbers) {
          int db = number % 3;
          byte[] key = key(number / 3);
          spill.add(source, number, 0, db, key);
          expected.computeIfAbsent(db + " " + shown(key), _ -> new ArrayList<>()).add(source);
        }
      }
      spill.eachRepeated((db, key, occurrences) ->
          found.put(
              db + " " + key, occurrences.stream().map(KeySpill.Occurrence::source).toList()));
    }
    expected.values().removeIf(sources -> sources.size() < 2);

    assertThat(found).as("seed %d", seed).isEqualTo(expected).isNotEmpty();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private static byte[] key(int number) {
    String text = number % 5 == 0 ? number + "-" + "long".repeat(40) : "key:" + number;
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String shown(byte[] key) {
    return key.length <= 64
        ? KeyText.of(key)
        : KeyText.of(java.util.Arrays.copyOf(key, 64)) + "...";
  }

  @Test
  void longKeysDifferAlsoBehindTheirBeginning() throws IOException {
    List<String> found = new ArrayList<>();
    try (KeySpill spill = new KeySpill(directory, 10_000)) {
      for (int i = 0; i < 4; i++) {
        byte[] key = ("x".repeat(200) + i / 2).getBytes(StandardCharsets.UTF_8);
        spill.add(i % 2, i, 0, i < 2 ? 0 : 1, key);
      }
      spill.add(0, 9, 0, 1, ("x".repeat(200) + 0).getBytes(StandardCharsets.UTF_8));
      spill.eachRepeated((db, key, occurrences) -> found.add(db + " " + occurrences.size()));
    }
    assertThat(found).containsExactlyInAnyOrder("0 2", "1 2");
  }

  @Test
  void bitsAreWhatWasSet() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TreeSet<Long> numbers = new TreeSet<>();
    try (SpilledBits bits = new SpilledBits(directory.resolve("bits"))) {
      for (int i = 0; i < 500; i++) {
        long number = random.nextLong(3_000_000);
        numbers.add(number);
        bits.set(number);
      }
      for (long i = 0; i < 3_000_100; i++) {
        assertThat(bits.get(i)).as("seed %d, %d", seed, i).isEqualTo(numbers.contains(i));
      }
    }
  }
}
