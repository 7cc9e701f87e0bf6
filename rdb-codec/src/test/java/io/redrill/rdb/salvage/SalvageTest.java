package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.salvage.SalvageReport.Basis;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SalvageTest {

  private static final int KEYS = 1000;
  private static final int HOLES = 40;

  @TempDir private Path directory;

  /// An RDB of two databases of so many keys each: text, lists and hashes, some of which expire.
  private static byte[] file() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    writer.writeAux("redis-ver", "7.2.6");
    writer.writeAux("repl-id", "0123456789012345678901234567890123456789");
    Random random = new Random(7);
    for (int db = 0; db < 2; db++) {
      writer.write(new RdbRecord.SelectDb(db));
      writer.write(new RdbRecord.ResizeDb(KEYS, KEYS / 4));
      for (int i = 0; i < KEYS; i++) {
        byte[] text = ("text of " + random.nextLong()).getBytes(UTF_8);
        RdbValue value =
            switch (i % 3) {
              case 0 -> new RdbValue.StringValue(text);
              case 1 -> new RdbValue.ListValue(List.of(text, text));
              default ->
                  new RdbValue.HashValue(
                      List.of(new RdbValue.HashValue.Field("field".getBytes(UTF_8), text, -1)));
            };
        long expiry = i % 4 == 0 ? 1_900_000_000_000L + i : -1;
        writer.write(db, "user:%d:%d".formatted(db, i).getBytes(UTF_8), expiry, value);
      }
    }
    writer.end();
    return out.toByteArray();
  }

  private SalvageReport survey(byte[] bytes) throws IOException {
    return survey(bytes, Salvaged.options());
  }

  private SalvageReport survey(byte[] bytes, SalvageOptions options) throws IOException {
    Files.write(source(), bytes);
    return Salvage.survey(source(), options, SalvageWatch.NOBODY);
  }

  private Path source() {
    return directory.resolve("dump.rdb");
  }

  @Test
  void findsNothingLostInASoundFile() throws IOException {
    SalvageReport report = survey(file());

    assertThat(report.isComplete()).isTrue();
    assertThat(report.keys()).isEqualTo(2 * KEYS);
    assertThat(report.basis()).isEqualTo(Basis.NOTHING_LOST);
    assertThat(report.checksum()).isEqualTo(Checksum.MATCHES);
  }

  @Test
  void countsWhatTwoHolesTook() throws IOException {
    byte[] file = file();
    Arrays.fill(file, 10_000, 12_000, (byte) 0);
    for (int i = 40_000; i < 41_000; i++) {
      file[i] = (byte) (i * 31 + i / 7);
    }

    SalvageReport report = survey(file);

    assertThat(report.losses()).hasSize(2);
    assertThat(report.losses().getFirst().offset())
        .isLessThanOrEqualTo(10_000)
        .isGreaterThan(9_700);
    assertThat(report.losses().getFirst().end()).isBetween(12_000L, 12_300L);
    assertThat(report.losses().getLast().offset()).isBetween(39_700L, 40_000L);
    assertThat(report.losses().getLast().end()).isBetween(41_000L, 41_300L);
    assertThat(report.basis()).isEqualTo(Basis.DATABASE_SIZES);
    assertThat(report.keys() + report.lostKeys()).isEqualTo(2 * KEYS);
    assertThat(report.lostKeys()).isBetween(40L, 80L);
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void keepsWhatStandsBeforeACut() throws IOException {
    byte[] file = file();

    SalvageReport report = survey(Arrays.copyOf(file, file.length / 2));

    assertThat(report.endFound()).isFalse();
    assertThat(report.losses()).hasSize(1);
    assertThat(report.keys()).isBetween(KEYS - 100L, KEYS + 100L);
  }

  /// As other programs than servers write a file, and a salvage too.
  @Test
  void keepsTheFewKeysOfADatabaseWithoutSizesBeforeACut() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(0xfe, 3);
    file.key(0, "user:1").text("alice").key(0, "user:2").text("bob");
    file.key(1, "queue").length(1000).text("job").text("another job");

    SalvageReport report = survey(file.bytes());

    assertThat(report.keysByDb()).containsExactly(Map.entry(3, 2L));
    assertThat(report.keysInAssumedDb()).isZero();
    assertThat(report.losses()).hasSize(1);
  }

  @Test
  void saysThatTheEndIsMissing() throws IOException {
    byte[] file = file();

    SalvageReport report = survey(Arrays.copyOf(file, file.length - 9));

    assertThat(report.keys()).isEqualTo(2 * KEYS);
    assertThat(report.lostKeys()).isZero();
    assertThat(report.isComplete()).isFalse();
    assertThat(report.losses().getFirst().reason()).contains("was cut off");
  }

  @Test
  void saysThatAValueMayBeAltered() throws IOException {
    byte[] file = file();
    file[file.length - 1] ^= 1;

    SalvageReport report = survey(file);

    assertThat(report.losses()).isEmpty();
    assertThat(report.keys()).isEqualTo(2 * KEYS);
    assertThat(report.checksum()).isEqualTo(Checksum.DIFFERS);
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void readsOnWithoutAHeader() throws IOException {
    byte[] file = file();
    Arrays.fill(file, 0, 9, (byte) 'x');

    SalvageReport guessed = survey(file);
    SalvageReport told =
        survey(
            file,
            new SalvageOptions(
                Optional.of(new RdbHeader(RdbDialect.REDIS, 11)),
                OptionalInt.empty(),
                1 << 20,
                true,
                Salvaged.KEYS));

    assertThat(guessed.headerAssumed()).isTrue();
    assertThat(guessed.keys()).isEqualTo(2 * KEYS);
    // There are listpacks in it, which came with version 10; an older server would not load 12.
    assertThat(guessed.header()).isEqualTo(new RdbHeader(RdbDialect.REDIS, 10));
    assertThat(told.header().version()).isEqualTo(11);
    assertThat(told.keys()).isEqualTo(2 * KEYS);
  }

  @Test
  void putsKeysBehindAHoleWhereItIsTold() throws IOException {
    byte[] file = file();
    int middle = file.length / 2;
    // The selection of the second database stands somewhere in there.
    Arrays.fill(file, middle - 2000, middle + 2000, (byte) 0xee);

    SalvageReport guessed = survey(file);
    SalvageReport told =
        survey(
            file,
            new SalvageOptions(Optional.empty(), OptionalInt.of(3), 1 << 20, true, Salvaged.KEYS));

    // The first says how many keys it has.
    assertThat(guessed.keysByDb()).containsOnlyKeys(0, 1);
    assertThat(guessed.keysInAssumedDb()).isEqualTo(guessed.keysByDb().getOrDefault(1, 0L));
    assertThat(entries(Salvaged.sound(source(), guessed)))
        .allSatisfy(entry ->
            assertThat(new String(entry.key(), UTF_8)).startsWith("user:" + entry.db() + ":"));
    assertThat(told.keysByDb()).containsOnlyKeys(0, 3);
    assertThat(told.keysInAssumedDb()).isEqualTo(told.keysByDb().getOrDefault(3, 0L));
  }

  @Test
  void keepsKeysInTheDatabaseBeforeAHoleWhereNothingSpeaksAgainstIt() throws IOException {
    byte[] file = file();
    Arrays.fill(file, 20_000, 22_000, (byte) 0xee);

    SalvageReport report = survey(file);

    assertThat(report.keysByDb()).containsOnlyKeys(0, 1);
    assertThat(report.keysByDb().getOrDefault(1, 0L)).isEqualTo(KEYS);
    assertThat(report.keysInAssumedDb()).isGreaterThan(KEYS / 2);
  }

  @Test
  void namesTheKeyWhoseValueAloneIsDamaged() throws IOException {
    byte[] file = file();
    byte[] name = "user:0:502".getBytes(UTF_8); // a hash
    int at = find(file, name) + name.length;
    file[at + 1] ^= 1; // the listpack's own size

    SalvageReport report = survey(file);

    assertThat(report.keys()).isEqualTo(2 * KEYS - 1);
    assertThat(report.basis()).isEqualTo(Basis.NAMED);
    assertThat(report.losses().getFirst().key()).contains("user:0:502");
  }

  /// A server refuses the whole file for a member that is there twice, and so the key has to go.
  @Test
  void leavesOutWhatServersRefuse() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    for (int i = 0; i < 100; i++) {
      List<byte[]> members = List.of("red-a".getBytes(UTF_8), "red-c".getBytes(UTF_8));
      writer.write(0, ("set:" + i).getBytes(UTF_8), -1, new RdbValue.SetValue(members));
    }
    writer.end();
    byte[] file = out.toByteArray();
    int at = find(file, "set:50".getBytes(UTF_8));
    file[at + find(Arrays.copyOfRange(file, at, file.length), "red-c".getBytes(UTF_8)) + 4] = 'a';

    SalvageReport report = survey(file);
    assertThat(report.keys()).isEqualTo(99);
    assertThat(report.losses().getFirst().key()).contains("set:50");
    assertThat(entries(Salvaged.sound(source(), report))).hasSize(99);
  }

  @Test
  void writesASoundFileThatIsNoResumePoint() throws IOException {
    byte[] file = file();
    Arrays.fill(file, 20_000, 20_100, (byte) 0);
    SalvageReport report = survey(file);

    byte[] bytes = Salvaged.sound(source(), report);

    SalvageReport written = survey(bytes);
    assertThat(written.isComplete()).isTrue();
    assertThat(written.checksum()).isEqualTo(Checksum.MATCHES);
    assertThat(written.keysByDb()).isEqualTo(report.keysByDb());
    assertThat(find(bytes, "repl-id".getBytes(UTF_8))).isNegative();
    assertThat(find(bytes, "redis-ver".getBytes(UTF_8))).isPositive();
  }

  /// Garbage in a hole may read as a record that ends behind the expiry of a sound key, or far
  /// behind the hole: neither may cost an expiry or more than a few keys.
  @Test
  void goesOnRightBehindAHoleAndWithExpiries() throws IOException {
    byte[] file = file();
    List<RdbRecord.Entry> original = entries(file);
    long lost = 0;
    for (int seed = 0; seed < HOLES; seed++) {
      byte[] damaged = file.clone();
      Random random = new Random(seed);
      byte[] garbage = new byte[2000];
      random.nextBytes(garbage);
      int at = 200 + random.nextInt(file.length - 4000);
      System.arraycopy(garbage, 0, damaged, at, garbage.length);

      SalvageReport report = survey(damaged);

      List<RdbRecord.Entry> salvaged = entries(Salvaged.sound(source(), report));
      assertThat(salvaged)
          .as("seed %d", seed)
          .usingElementComparator(SalvageTest::compareButDatabase)
          .isSubsetOf(original);
      assertThat(report.losses()).as("seed %d", seed).isNotEmpty();
      lost += report.losses().getLast().end() - (at + garbage.length);
    }
    assertThat(lost / HOLES).as("bytes lost behind a hole").isLessThan(300);
  }

  /// Where the selection of a database was lost, its keys are said to be in an assumed one.
  private static int compareButDatabase(RdbRecord.Entry one, RdbRecord.Entry other) {
    return Comparator.comparing(RdbRecord.Entry::key, Arrays::compare)
        .thenComparingLong(RdbRecord.Entry::expireAtMillis)
        .thenComparing(RdbRecord.Entry::type)
        .thenComparing(RdbRecord.Entry::value, Arrays::compare)
        .compare(one, other);
  }

  /// A hole of zeros reads as one empty string under the empty key after the other, so that nothing
  /// but the checksum is wrong.
  @Test
  void takesAHoleOfZerosForNoKeys() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    for (int i = 0; i < KEYS; i++) {
      writer.write(0, "k:%04d".formatted(i).getBytes(UTF_8), -1, stringOf("12"));
    }
    writer.end();
    byte[] file = out.toByteArray();
    int first = find(file, "k:0500".getBytes(UTF_8)) - 2;
    int last = find(file, "k:0530".getBytes(UTF_8)) - 2;
    Arrays.fill(file, first, last, (byte) 0); // 30 records of 10 bytes: 100 of three zeros

    SalvageReport report = survey(file);

    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.offset()).isBetween(first - 40L, (long) first);
          assertThat(loss.end()).isBetween((long) last, last + 40L);
        });
    assertThat(report.keys()).isBetween(KEYS - 38L, KEYS - 30L);
  }

  private static RdbValue stringOf(String text) {
    return new RdbValue.StringValue(text.getBytes(UTF_8));
  }

  /// Where keys are bytes of any kind, what is known of keys as text is of no use.
  @Test
  void bringsBackKeysThatAreNotText() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    Random random = new Random(3);
    for (int i = 0; i < KEYS; i++) {
      byte[] key = new byte[12];
      random.nextBytes(key);
      RdbValue hash = new RdbValue.HashValue(List.of(new RdbValue.HashValue.Field(key, key, -1)));
      writer.write(0, key, -1, i % 2 == 0 ? hash : stringOf("text " + i));
    }
    writer.end();
    int nearlyAll = 0;
    for (int seed = 0; seed < HOLES; seed++) {
      byte[] file = out.toByteArray();
      byte[] garbage = new byte[500];
      new Random(seed).nextBytes(garbage);
      int at = 1 + random.nextInt(file.length - 1000);
      System.arraycopy(garbage, 0, file, at, garbage.length);

      SalvageReport report = survey(file);

      assertThat(report.isComplete()).as("seed %d", seed).isFalse();
      assertThat(report.keys()).as("seed %d", seed).isBetween(KEYS / 2L, KEYS - 9L);
      nearlyAll += report.keys() >= KEYS - 40 ? 1 : 0;
    }
    // Once in a while garbage reads as a long string under a key of any bytes, and covers others.
    assertThat(nearlyAll).isGreaterThan(HOLES * 9 / 10);
  }

  /// A file of Redis Enterprise has a field of its own in front of each key.
  @Test
  void bringsBackKeysWithFieldsOfAnotherServer() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0011").put(254, 0);
    for (int i = 0; i < KEYS; i++) {
      bytes.put(107, i % 64).key(0, "k:%04d".formatted(i)).text("text");
    }
    byte[] file = bytes.end();
    Arrays.fill(file, file.length / 2, file.length / 2 + 100, (byte) 0);

    assertThat(survey(file).keys()).isBetween(KEYS - 20L, KEYS - 5L);
  }

  /// The letter y reads as such a field, and a row of them as many.
  @Test
  void takesLettersInAHoleForNoFieldsOfAnotherServer() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0011").put(254, 0);
    for (int i = 0; i < 20; i++) {
      bytes.key(0, "k:%04d".formatted(i)).text("text");
    }
    bytes.ascii("y".repeat(1000));
    for (int i = 20; i < 40; i++) {
      bytes.key(0, "k:%04d".formatted(i)).text("text");
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.keys()).isBetween(37L, 40L);
    assertThat(report.losses())
        .anySatisfy(loss -> assertThat(loss.bytes()).isGreaterThanOrEqualTo(1000));
    Salvaged.sound(source(), report);
  }

  /// Values that are larger than a look inside may cost are taken by their lengths.
  @Test
  void keepsValuesThatAreTooLargeForALookInside() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, new RdbWriterOptions(11, false, true));
    List<byte[]> elements = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      elements.add(("element " + i).getBytes(UTF_8));
    }
    for (int i = 0; i < 30; i++) {
      writer.write(
          0,
          ("small:" + i).getBytes(UTF_8),
          -1,
          new RdbValue.StringValue("x".repeat(i).getBytes(UTF_8)));
      RdbValue large =
          i % 2 == 0
              ? new RdbValue.ListValue(elements)
              : new RdbValue.StringValue("large ".repeat(20_000).getBytes(UTF_8));
      writer.write(0, ("large:" + i).getBytes(UTF_8), -1, large);
    }
    writer.end();
    byte[] file = out.toByteArray();
    SalvageOptions little =
        new SalvageOptions(Optional.empty(), OptionalInt.empty(), 10_000, true, Salvaged.KEYS);

    SalvageReport sound = survey(file, little);
    Arrays.fill(file, file.length / 2, file.length / 2 + 100, (byte) 0);
    SalvageReport damaged = survey(file, little);

    assertThat(sound.isComplete()).isTrue();
    assertThat(sound.keys()).isEqualTo(60);
    assertThat(sound.remarks()).singleElement().asString().startsWith("30 values are too large");
    assertThat(damaged.keys()).isBetween(56L, 60L);
  }

  /// What was put behind a file must not come back in place of what is in it, whether the file
  /// itself is whole or not.
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void leavesOutWhatStandsBehindTheEnd(boolean isDamaged, boolean isCommands) throws IOException {
    byte[] first = file();
    byte[] behind =
        isCommands
            ? "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n".repeat(100).getBytes(UTF_8)
            : file();
    if (isDamaged) {
      Arrays.fill(first, 20_000, 20_100, (byte) 0);
    }
    byte[] both = Arrays.copyOf(first, first.length + behind.length);
    System.arraycopy(behind, 0, both, first.length, behind.length);
    SalvageReport alone = survey(first);

    SalvageReport report = survey(both);

    assertThat(report.trailingBytes()).isEqualTo(behind.length);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.remarks()).anyMatch(remark -> remark.contains("left out"));
    assertThat(report.stretches()).isEqualTo(alone.stretches());
    assertThat(report.losses()).isEqualTo(alone.losses());
    assertThat(report.checksum()).isEqualTo(alone.checksum());
  }

  @Test
  void leavesOutAnythingBehindAnEndThatItsChecksumProves() throws IOException {
    byte[] file = file();
    byte[] longer = Arrays.copyOf(file, file.length + 50_000);
    // Records without a header, as they are.
    System.arraycopy(file, file.length - 50_000, longer, file.length, 50_000);

    SalvageReport report = survey(longer);

    assertThat(report.losses()).isEmpty();
    assertThat(report.checksum()).isEqualTo(Checksum.MATCHES);
    assertThat(report.trailingBytes()).isEqualTo(50_000);
    assertThat(entries(Salvaged.sound(source(), report))).hasSize(2 * KEYS);
  }

  /// Each database takes memory to the end.
  @Test
  void takesNoMoreDatabasesThanThereCanBe() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0011");
    int databases = (1 << 16) + 500;
    for (int db = 0; db < databases; db++) {
      bytes.put(254).length(db).put(251, 1, 0).key(0, "user:" + db).text("text");
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.keysByDb().size()).isBetween((1 << 16) - 10, 1 << 16);
    assertThat(report.isComplete()).isFalse();
    assertThat(entries(Salvaged.sound(source(), report))).hasSize((int) report.keys());
  }

  @Test
  void givesUpAFileOfZeros() throws IOException {
    SalvageReport report = survey(new byte[100_000]);

    assertThat(report.keys()).isZero();
    assertThat(report.losses()).hasSize(1);
    assertThat(report.isComplete()).isFalse();
  }

  private static int find(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static List<RdbRecord.Entry> entries(byte[] file) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(file, "test"));
    List<RdbRecord.Entry> entries = new ArrayList<>();
    RdbRecord record;
    do {
      record = reader.next();
      if (record instanceof RdbRecord.Entry entry) {
        entries.add(entry);
      }
    } while (!(record instanceof RdbRecord.End));
    return entries;
  }
}
