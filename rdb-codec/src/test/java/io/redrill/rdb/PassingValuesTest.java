package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a walk finds does not depend on how much of a value is held.
class PassingValuesTest {

  /// A file is damaged at as many places. The larger ones hold no other encodings.
  private static final int DAMAGED_PLACES = 30;

  private static final int LARGEST_DAMAGED_BYTES = 64 * 1024;

  /// How a check knows of duplicates that it cannot compare.
  private static final String BY_HASHES =
      " (by hashes of 64 bits: the value is too large to compare its bytes)";

  private static final int[] PROBES = {0x00, 0x80, 0xc3};

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void healthyFilesHoldTheSame(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);

    assertThat(PassingValues.compare(bytes)).isLessThanOrEqualTo(RareForms.records(bytes).size());
    String report = checked(bytes, RdbReading.DEFAULT, 1);
    assertThat(checked(bytes, RdbReading.DEFAULT.holding(0), 1)).isEqualTo(report);
    assertThat(checked(bytes, RdbReading.DEFAULT.holding(0), 2)).isEqualTo(report);
  }

  /// Each of them is read some hundred times.
  static List<Path> smallHealthyFiles() throws IOException {
    List<Path> small = new ArrayList<>();
    for (Path file : healthyFiles()) {
      if (Files.size(file) < LARGEST_DAMAGED_BYTES) {
        small.add(file);
      }
    }
    return small;
  }

  @ParameterizedTest
  @MethodSource("smallHealthyFiles")
  void damagedOnesAreFoundDamagedAtTheSamePlaces(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    // The checksum is out of force, so that the walk goes on behind the damage.
    Arrays.fill(whole, Math.max(9, whole.length - 8), whole.length, (byte) 0);
    int step = Math.max(1, whole.length / DAMAGED_PLACES);
    for (int at = 9; at < whole.length; at += step) {
      for (int probe : PROBES) {
        byte[] changed = whole.clone();
        changed[at] = (byte) probe;
        compare(changed, "byte %d is %02x".formatted(at, probe), 1);
      }
      compare(Arrays.copyOf(whole, at), "cut to %d bytes".formatted(at), 2);
    }
  }

  private static void compare(byte[] file, String what, int threads) throws IOException {
    try {
      PassingValues.compare(file);
      assertThat(checked(file, RdbReading.DEFAULT.holding(0), threads).replace(BY_HASHES, ""))
          .isEqualTo(checked(file, RdbReading.DEFAULT, 1));
    } catch (RuntimeException | AssertionError e) {
      fail(what, e);
    }
  }

  /// The types that can be walked as they come are all there, and were.
  @Test
  void everySuchTypeWasNotHeldSomewhere() throws IOException {
    Set<RdbType> passed = EnumSet.noneOf(RdbType.class);
    for (Path file : Corpus.healthyFiles()) {
      RdbCursor cursor = passing(Files.readAllBytes(file));
      while (cursor.next() != RdbCursor.Step.END) {
        if (cursor.isAtKey() && cursor.isValuePassing()) {
          passed.add(cursor.type());
        }
      }
    }

    assertThat(passed)
        .contains(
            RdbType.LIST_QUICKLIST,
            RdbType.LIST_QUICKLIST_2,
            RdbType.SET,
            RdbType.ZSET,
            RdbType.ZSET_2,
            RdbType.HASH,
            RdbType.HASH_2_VALKEY,
            RdbType.STREAM_LISTPACKS,
            RdbType.STREAM_LISTPACKS_2,
            RdbType.STREAM_LISTPACKS_3);
  }

  @Test
  void aValueThatWentByIsGone() throws IOException {
    byte[] file = list(100);
    RdbCursor cursor = passing(file);
    cursor.next();
    cursor.walk(new ElementHandler() {});

    assertThat(cursor.isValueDelimited()).isTrue();
    assertThat(cursor.holdValue()).isFalse();
    assertThat(cursor.isValuePassing()).isTrue();
    assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.walk(new ElementHandler() {}))
        .isInstanceOf(IllegalStateException.class);
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.END);
  }

  @Test
  void aLargeValueCanBeHeldNevertheless() throws IOException {
    byte[] file = list(100);
    RdbCursor cursor = passing(file);
    cursor.next();

    assertThat(cursor.holdValue()).isFalse();
    assertThat(cursor.value().length()).isEqualTo(file.length - 9 - 6 - 9);
    assertThat(cursor.holdValue()).isTrue();
    assertThat(Spelled.of(cursor)).startsWith("element0 element1 ");
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.END);
  }

  private static byte[] list(int elements) {
    RdbBytes file = RdbBytes.file("REDIS0011").key(1, "list").length(elements);
    for (int i = 0; i < elements; i++) {
      file.text("element" + i);
    }
    return file.end();
  }

  private static RdbCursor passing(byte[] file) {
    return new RdbCursor(
        new ByteInput(new ByteArrayInputStream(file), "file", 64), RdbReading.DEFAULT.holding(0));
  }

  private static String checked(byte[] file, RdbReading reading, int threads) throws IOException {
    return RdbCheck.checkFile(
            new ByteInput(new ByteArrayInputStream(file), "file", 64),
            new RdbCheckOptions(Depth.ELEMENTS, reading, threads, Optional.empty()))
        .toString();
  }
}
