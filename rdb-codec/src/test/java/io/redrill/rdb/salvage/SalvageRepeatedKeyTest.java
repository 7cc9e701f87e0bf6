package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.KeysOfOneHash;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.salvage.SalvageDamageTest.Stored;
import io.redrill.rdb.salvage.SalvageReport.Basis;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers refuse a file with a key twice: none may come back so, and the right one has to stay
/// wherever something tells which that is.
class SalvageRepeatedKeyTest {

  private static final int KEYS = 500;

  @TempDir private Path directory;

  private interface Filling {
    void fill(RdbWriter writer) throws IOException;
  }

  private static byte[] file(Filling filling) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, new RdbWriterOptions(11, false, true));
    filling.fill(writer);
    writer.end();
    return out.toByteArray();
  }

  private static void put(RdbWriter writer, int db, int from, int to, String value)
      throws IOException {
    for (int i = from; i < to; i++) {
      byte[] text = (value + " of " + i).getBytes(UTF_8);
      writer.write(
          db, "user:%04d".formatted(i).getBytes(UTF_8), -1, new RdbValue.StringValue(text));
    }
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

  private List<Stored> salvaged(SalvageReport report) throws IOException {
    return SalvageDamageTest.stored(Salvaged.sound(source(), report));
  }

  private static int find(byte[] bytes, String wanted, int from) {
    return new String(bytes, ISO_8859_1).indexOf(wanted, from);
  }

  @Test
  void leavesOneOutWhereAFlippedBitMadeAnotherKey() throws IOException {
    byte[] file = file(writer -> put(writer, 0, 0, KEYS, "value"));
    int at = find(file, "user:0301", 0);
    file[at + "user:030".length()] = '0';

    SalvageReport report = survey(file);

    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.key()).contains("user:0300");
          assertThat(loss.offset()).isEqualTo(at - 2);
          assertThat(loss.reason()).contains("database 0 twice", "is kept").doesNotContain("hole");
        });
    assertThat(report.keys()).isEqualTo(KEYS - 1);
    assertThat(report.lostKeys()).isEqualTo(1);
    assertThat(report.repeatedKeys()).isEqualTo(1);
    assertThat(report.basis()).isEqualTo(Basis.NAMED);
    assertThat(report.checksum()).isEqualTo(Checksum.DIFFERS);
    assertThat(report.isComplete()).isFalse();
    assertThat(salvaged(report)).hasSize(KEYS - 1);
  }

  @Test
  void saysOfASoundFileThatItWasWrittenWithAKeyTwice() throws IOException {
    SalvageReport report =
        survey(
            file(writer -> {
              put(writer, 0, 0, KEYS, "value");
              put(writer, 0, 0, 1, "another");
            }));

    assertThat(report.checksum()).isEqualTo(Checksum.MATCHES);
    assertThat(report.repeatedKeys()).isEqualTo(1);
    assertThat(report.isComplete()).isFalse();
    assertThat(salvaged(report)).hasSize(KEYS);
  }

  /// A value that holds records under the names of real keys, and whose own length is damaged.
  @Test
  void keepsWhatAServerWroteRatherThanWhatAValueHolds() throws IOException {
    byte[] inner = file(writer -> put(writer, 0, 100, 130, "bogus"));
    byte[] value = Arrays.copyOfRange(inner, 11, inner.length - 9);
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, 110, "value");
          writer.write(0, "user:large".getBytes(UTF_8), -1, new RdbValue.StringValue(value));
          put(writer, 0, 110, KEYS, "value");
        });
    List<String> truth =
        SalvageDamageTest.stored(file).stream().map(SalvageRepeatedKeyTest::text).toList();
    int at = find(file, "user:large", 0) + "user:large".length();
    Arrays.fill(file, at, at + 2, (byte) 0xff);

    SalvageReport report = survey(file);

    List<String> salvaged = salvaged(report).stream().map(SalvageRepeatedKeyTest::text).toList();
    assertThat(report.repeatedKeys()).isBetween(25L, 30L);
    assertThat(salvaged).isSubsetOf(truth);
    assertThat(salvaged).hasSizeGreaterThan(KEYS - 5);
  }

  private static String text(Stored stored) {
    return stored.db() + " " + stored.key() + " " + stored.text();
  }

  private static void breakAt(byte[] file, String wanted) {
    int at = find(file, wanted, 0);
    Arrays.fill(file, at - 100, at + 100, (byte) 0xee);
  }

  /// Between databases 0 and 1 there is no other that a hole may have named.
  @Test
  void keepsTheKeyOfANamedDatabaseRatherThanOfAnAssumedOne() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          put(writer, 0, 0, KEYS, "other");
          writer.write(new RdbRecord.SelectDb(1));
          put(writer, 1, 0, KEYS, "third");
        });
    breakAt(file, "other of 0");

    SalvageReport report = survey(file);

    assertThat(report.repeatedKeys()).isGreaterThan(KEYS - 20);
    assertThat(report.keysByDb()).containsOnlyKeys(0, 1);
    assertThat(salvaged(report)).hasSizeGreaterThan(2 * KEYS - 20);
  }

  @Test
  void putsTheKeysOfADatabaseWhoseNameIsLostIntoOneOfTheirOwn() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          writer.write(new RdbRecord.SelectDb(1));
          put(writer, 1, 0, KEYS, "other");
          writer.write(new RdbRecord.SelectDb(2));
          put(writer, 2, 0, KEYS, "third");
          writer.write(new RdbRecord.SelectDb(7));
          put(writer, 7, 0, KEYS, "fourth");
        });
    Map<String, String> truth =
        SalvageDamageTest.stored(file).stream()
            .collect(Collectors.toMap(key -> key.db() + key.key(), Stored::text));
    breakAt(file, "other of 0");
    breakAt(file, "other of 250");
    breakAt(file, "third of 0");

    SalvageReport report = survey(file);

    assertThat(report.repeatedKeys()).isZero();
    assertThat(report.keysByDb()).containsOnlyKeys(0, 1, 2, 7);
    assertThat(salvaged(report))
        .hasSizeGreaterThan(4 * KEYS - 60)
        .allSatisfy(key -> assertThat(key.text()).isEqualTo(truth.get(key.db() + key.key())));
    assertThat(report.remarks())
        .filteredOn(remark -> remark.contains("took the name of another database"))
        .hasSize(2)
        .anyMatch(remark -> remark.contains("database 1 of the result"))
        .anyMatch(remark -> remark.contains("database 2 of the result"));
  }

  @Test
  void putsKeysBehindAHoleWhereItIsToldInstead() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          writer.write(new RdbRecord.SelectDb(1));
          put(writer, 1, 0, KEYS, "other");
        });
    breakAt(file, "other of 0");

    SalvageReport told =
        survey(
            file,
            new SalvageOptions(Optional.empty(), OptionalInt.of(5), 1 << 20, true, Salvaged.KEYS));

    assertThat(told.keysByDb()).containsOnlyKeys(0, 5);
    assertThat(told.remarks()).noneMatch(remark -> remark.contains("took the name"));
    assertThat(salvaged(told)).hasSizeGreaterThan(2 * KEYS - 20);
  }

  /// As where a page was written to two places: those are the same keys.
  @Test
  void takesEqualRecordsForNoOtherDatabase() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          put(writer, 0, 0, KEYS, "value");
        });
    int again = find(file, "value of 0", find(file, "value of 0", 0) + 1);
    Arrays.fill(file, again - 100, again + 100, (byte) 0xee);

    SalvageReport report = survey(file);

    assertThat(report.keysByDb()).containsOnlyKeys(0);
    assertThat(report.repeatedKeys()).isGreaterThan(KEYS - 20);
  }

  @Test
  void findsTheSameWithKeysInTemporaryFiles() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          put(writer, 0, 0, KEYS, "again");
        });
    Path spill = Files.createDirectory(directory.resolve("spill"));

    SalvageReport report = survey(file, SalvageOptions.defaults(new SpillLimits(spill, 2048)));

    assertThat(report).isEqualTo(survey(file));
    assertThat(report.repeatedKeys()).isEqualTo(KEYS);
    try (var left = Files.list(spill)) {
      assertThat(left).isEmpty();
    }
  }

  /// Two keys, one after the other, over and over: more often than a small memory holds.
  @Test
  void givesUpWhatIsLeftWhereOneKeyStandsMoreOftenThanMemoryHolds() throws IOException {
    byte[] file =
        file(writer -> {
          put(writer, 0, 0, KEYS, "value");
          for (int i = 0; i < 1000; i++) {
            put(writer, 0, 0, 2, "again");
          }
          put(writer, 0, KEYS, 2 * KEYS, "value");
        });
    Path spill = Files.createDirectory(directory.resolve("spill"));

    SalvageReport report = survey(file, SalvageOptions.defaults(new SpillLimits(spill, 8192)));

    assertThat(report.keys()).isEqualTo(KEYS);
    assertThat(report.repeatedKeys()).isBetween(100L, 2 * 8192L / 40);
    assertThat(report.losses().getLast().reason()).contains("too many keys stand twice");
    assertThat(report.losses().getLast().end()).isEqualTo(file.length);
    assertThat(salvaged(report)).hasSize(KEYS);
    try (var left = Files.list(spill)) {
      assertThat(left).isEmpty();
    }
  }

  /// Of one hash they could not be dealt, and more of them than the memory holds be not compared.
  @Test
  void keepsKeysThatWereMadeToShareAHash() throws IOException {
    byte[] file =
        file(writer -> {
          for (int i = 0; i < KEYS; i++) {
            writer.write(0, KeysOfOneHash.key(i), -1, new RdbValue.StringValue(new byte[0]));
          }
        });

    SalvageReport report = survey(file, SalvageOptions.defaults(new SpillLimits(directory, 2048)));

    assertThat(report.keys()).isEqualTo(KEYS);
    assertThat(report.repeatedKeys()).isZero();
  }

  @Test
  void givesUpWhatIsLeftWhereTooManyStandTwice() throws IOException {
    byte[] file =
        file(writer -> {
          for (int i = 0; i < 210_000; i++) {
            byte[] key = "k%05d".formatted(i % 90_000).getBytes(UTF_8);
            writer.write(0, key, -1, new RdbValue.StringValue(key));
          }
        });

    SalvageReport report = survey(file);

    assertThat(report.keys()).isEqualTo(90_000);
    assertThat(report.repeatedKeys()).isBetween(99_990L, 100_000L);
    assertThat(report.losses().getLast().reason()).contains("too many keys stand twice");
    assertThat(report.losses().getLast().end()).isEqualTo(file.length);
    assertThat(salvaged(report)).hasSize(90_000);
  }
}
