package io.redrill.rdb.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.encoding.Xxh3;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What stands twice in a collection is found and named, whatever its size, how much of it is held,
/// and how many threads there are.
class RepeatedMembersTest {

  private static final int LEAST = 4096;
  private static final int AMPLE = 1 << 24;
  private static final int HELD = 4 << 20;
  private static final int MEMBERS = 1000;
  private static final long SEED = 5;

  @TempDir private Path directory;

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  private RdbCheckReport check(byte[] file, int heldBytes, int threads, Path work, int memoryBytes)
      throws IOException {
    return RdbCheck.checkFile(
        new ByteInput(new ByteArrayInputStream(file), "file", 64),
        new RdbCheckOptions(
            Depth.ELEMENTS,
            RdbReading.DEFAULT.holding(heldBytes),
            threads,
            Optional.of(new SpillLimits(work, memoryBytes))));
  }

  /// The one report that there is at every limit.
  private RdbCheckReport check(byte[] file) throws IOException {
    RdbCheckReport report = check(file, HELD, 1, directory, AMPLE);
    for (int memoryBytes : new int[] {LEAST, AMPLE}) {
      for (int heldBytes : new int[] {0, HELD}) {
        for (int threads = 1; threads <= 2; threads++) {
          assertThat(check(file, heldBytes, threads, directory, memoryBytes))
              .as("memory %d, held %d, threads %d", memoryBytes, heldBytes, threads)
              .isEqualTo(report);
        }
      }
    }
    return report;
  }

  /// A collection of each type that can be large and whose elements are distinct.
  private static byte[] file(RdbType type, List<byte[]> members) {
    RdbBytes file = RdbBytes.file("REDIS0014").key(type.number(), "key").length(members.size());
    for (byte[] member : members) {
      switch (type) {
        case HASH -> file.blob(member).text("value");
        case ZSET_2 -> file.blob(member).little(8, Double.doubleToRawLongBits(1.5));
        default -> file.blob(member);
      }
    }
    return file.key(0, "after").text("v").end();
  }

  private static byte[] array(long... indexes) {
    RdbBytes file = RdbBytes.file("REDIS0014").key(28, "key").length(indexes.length).put(0);
    for (long index : indexes) {
      file.length(index).put(1).little(8, index);
    }
    return file.key(0, "after").text("v").end();
  }

  /// Of all lengths, also of those of which only a hash is compared.
  private static List<byte[]> members(int count) {
    Random random = new Random(SEED);
    List<byte[]> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String rest = "x".repeat(random.nextInt(10) == 0 ? 150 + random.nextInt(20) : i % 12);
      members.add((rest + "member " + i).getBytes(UTF_8));
    }
    Collections.shuffle(members, random);
    return members;
  }

  @ParameterizedTest
  @EnumSource(names = {"SET", "ZSET_2", "HASH"})
  void noneIsFoundWhereThereIsNone(RdbType type) throws IOException {
    RdbCheckReport report = check(file(type, members(MEMBERS)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.digest().keys()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"SET", "ZSET_2", "HASH"})
  void theFirstByItsBytesIsNamed(RdbType type) throws IOException {
    List<byte[]> members = members(MEMBERS);
    for (String again : new String[] {"b again", "a again", "c again", "b again"}) {
      members.add(again.getBytes(UTF_8));
      members.add(members.size() / 3, again.getBytes(UTF_8));
    }

    RdbCheckReport report = check(file(type, members));

    assertThat(report.errors()).isEqualTo(1);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.sentence()).endsWith(" twice: a again"),
            finding -> assertThat(finding.key()).contains("key"));
    assertThat(report.digest().keys()).isEqualTo(1);
  }

  @Test
  void aLongOneIsNamedByItsBeginning() throws IOException {
    byte[] member = "y".repeat(5000).getBytes(UTF_8);
    byte[] other = member.clone();
    other[4999] = 'z';
    List<byte[]> members = members(MEMBERS);
    members.addAll(List.of(member, other));

    assertThat(check(file(RdbType.SET, members)).findings()).isEmpty();
    members.add(member);
    assertThat(check(file(RdbType.SET, members)).findings())
        .extracting(Finding::sentence)
        .containsExactly("a set holds a member twice: " + "y".repeat(128) + "...");
  }

  @Test
  void indexesOfAnArrayAreCompared() throws IOException {
    long[] indexes = IntStream.range(0, MEMBERS).mapToLong(i -> 7L * i).toArray();
    assertThat(check(array(indexes)).findings()).isEmpty();

    indexes[MEMBERS - 1] = 700;
    indexes[MEMBERS - 2] = 70;
    assertThat(check(array(indexes)).findings())
        .extracting(Finding::sentence)
        .containsExactly(
            "an array holds an index twice: 70", "the indexes of an array do not ascend");
  }

  /// More often than fits into the memory.
  @Test
  void oneThatStandsVeryOftenIsFound() throws IOException {
    byte[][] same = new byte[3000][];
    Arrays.fill(same, "again".getBytes(UTF_8));
    List<byte[]> members = members(MEMBERS);
    members.addAll(List.of(same));

    assertThat(check(file(RdbType.SET, members)).findings())
        .extracting(Finding::sentence)
        .containsExactly("a set holds a member twice: again");
  }

  /// Members that were made to have the same hash are neither the same, nor do they take long: were
  /// each compared with all others, this would take hours.
  @Test
  void membersThatWereMadeToShareAHashAreTold() throws IOException {
    List<byte[]> members = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      members.add(withTheOneHash(i));
    }
    Xxh3 hash = new Xxh3();
    assertThat(members.stream().map(member -> low(hash, member)).distinct()).hasSize(1);
    byte[] file = file(RdbType.SET, members);
    members.add(members.get(77));
    byte[] again = file(RdbType.SET, members);

    for (int heldBytes : new int[] {0, 16 << 20}) {
      assertThat(check(file, heldBytes, 1, directory, AMPLE).findings()).isEmpty();
      assertThat(check(file, heldBytes, 1, directory, 1 << 18).findings()).isEmpty();
      assertThat(check(again, heldBytes, 1, directory, 1 << 18).isSound()).isFalse();
    }
  }

  private static long low(Xxh3 hash, byte[] member) {
    hash.hash(member, 0, member.length);
    return hash.low();
  }

  /// XXH3 multiplies words of the input, after it has changed them by words of its secret: of those
  /// that make a factor zero the others do not matter but for their sum.
  private static byte[] withTheOneHash(int number) {
    long spread = new SplittableRandom(number).nextLong();
    byte[] member = new byte[32];
    LittleEndian.putLong(member, 0, 0xbe4ba423396cfeb8L);
    LittleEndian.putLong(member, 16, 0xdb979083e96dd4deL);
    LittleEndian.putLong(member, 24, spread);
    long tail = member.length * 0x9e3779b185ebca87L ^ (0xdb979083e96dd4deL + spread);
    LittleEndian.putLong(member, 8, -tail - 0xbe4ba423396cfeb8L);
    return member;
  }

  @Test
  void filesThatCannotBeMadeEndTheCheck() throws IOException {
    Path noDirectory = directory.resolve("file");
    Files.createFile(noDirectory);
    byte[] twice = file(RdbType.SET, Collections.nCopies(MEMBERS, "same".getBytes(UTF_8)));
    for (int heldBytes : new int[] {0, HELD}) {
      for (int threads = 1; threads <= 2; threads++) {
        int now = threads;
        assertThatThrownBy(() -> check(twice, heldBytes, now, noDirectory, LEAST))
            .isInstanceOf(FileAlreadyExistsException.class)
            .hasMessageContaining(noDirectory.toString());
      }
    }
    Files.delete(noDirectory);
  }

  @Test
  void damageLeavesNoFilesBehind() throws IOException {
    byte[] file = file(RdbType.SET, members(MEMBERS));

    RdbCheckReport report = check(Arrays.copyOf(file, file.length / 2), 0, 1, directory, LEAST);

    assertThat(report.findings())
        .extracting(Finding::sentence)
        .containsExactly("the file ends inside a value");
  }
}
