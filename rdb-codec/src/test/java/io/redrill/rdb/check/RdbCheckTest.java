package io.redrill.rdb.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.encoding.Listpack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RdbCheckTest {

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  static List<Path> damagedFiles() {
    return Corpus.damagedFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void findsNothingWrongWithHealthyFiles(Path file) throws IOException {
    RdbCheckReport report = check(Files.readAllBytes(file));

    assertThat(report.findings()).noneMatch(finding -> finding.severity() == Severity.ERROR);
    assertThat(report.isSound()).isTrue();
    assertThat(report.digest().keys()).isEqualTo(report.entryCount());
  }

  /// One case is read more generously than the servers do: a version that is merely unknown, whose
  /// records turn out to be known ones, is a warning.
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("damagedFiles")
  void findsDamageWhereServersDo(Path file) throws IOException {
    RdbCheckReport report = check(Files.readAllBytes(file));

    String damage = file.getName(file.getNameCount() - 2).toString();
    Path expectation = file.resolve("..", "..", damage + ".expect.json").normalize();
    boolean isLoadedByServer =
        new ObjectMapper().readTree(expectation.toFile()).at("/server/started").asBoolean();
    if (damage.equals("rdb-trailing-bytes")) {
      assertThat(report.findings().getLast().sentence()).contains("bytes follow");
    } else if (isLoadedByServer) {
      assertThat(report.isSound()).as(report.findings().toString()).isTrue();
    } else if (damage.equals("rdb-future-version") && report.end().isPresent()) {
      assertThat(report.findings())
          .anyMatch(finding -> finding.sentence().contains("newer than known"));
    } else {
      assertThat(report.isSound()).as(report.findings().toString()).isFalse();
      assertThat(report.findings().getLast().offset()).isBetween(0L, Files.size(file));
    }
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void digestsTheSameWhateverTheEncoding(Path file) throws IOException {
    byte[] original = Files.readAllBytes(file);
    RdbCheckReport expected = check(original);
    int version = Math.max(10, expected.header().orElseThrow().version());
    PackingLimits nothingPacked = new PackingLimits(0, 0, 0, 0, 0, 0, 0, 64, 100, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer =
        new RdbWriter(out, new RdbWriterOptions(version, false, true), nothingPacked);

    for (RdbRecord record : records(original)) {
      if (record instanceof RdbRecord.Entry entry) {
        writer.write(entry.db(), entry.key(), entry.expireAtMillis(), RdbValues.decode(entry));
      } else {
        writer.write(record);
      }
    }

    assertThat(check(out.toByteArray()).digest()).isEqualTo(expected.digest());
  }

  /// Whole and damaged files alike.
  @ParameterizedTest
  @MethodSource("allFiles")
  void threadsFindTheSame(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {bytes.length, bytes.length / 2}) {
      byte[] part = Arrays.copyOf(bytes, length);
      RdbCheckReport one = RdbCheck.checkFile(ByteInput.of(part, "file"), threads(1));

      RdbCheckReport three = RdbCheck.checkFile(ByteInput.of(part, "file"), threads(3));

      assertThat(three).isEqualTo(one);
    }
  }

  private static RdbCheckOptions threads(int threads) {
    return new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, threads, Optional.empty());
  }

  static List<Path> allFiles() {
    List<Path> files = new ArrayList<>(Corpus.healthyFiles());
    files.addAll(Corpus.damagedFiles());
    return files;
  }

  @ParameterizedTest
  @CsvSource({
    "SET_LISTPACK, a b a, a set holds a member twice",
    "HASH_LISTPACK, f 1 f 2, a hash holds a field twice",
    "HASH_LISTPACK, f 1 g, a packed collection of pairs has an odd number of elements",
    "ZSET_LISTPACK, m 1 m 2, a sorted set holds a member twice",
    "ZSET_LISTPACK, m nan, a score is not a number"
  })
  void findsWhatServersRefuse(RdbType type, String elements, String sentence) throws IOException {
    byte[] listpack =
        Listpack.of(Arrays.stream(elements.split(" ")).map(word -> word.getBytes(UTF_8)).toList())
            .bytes();

    RdbCheckReport report = check(fileWith(type, listpack));

    assertThat(report.isSound()).isFalse();
    assertThat(report.errors()).isEqualTo(1);
    Finding finding = report.findings().getFirst();
    assertThat(finding.sentence()).startsWith(sentence);
    assertThat(finding.key()).contains("key");
    assertThat(finding.db()).hasValue(2);
    assertThat(finding.offset()).isBetween(11L, report.end().orElseThrow().offset());
    assertThat(report.digest().keys()).isZero();
    assertThat(report.entryCount()).isEqualTo(1);
  }

  @Test
  void saysThatAnEmptyCollectionIsDropped() throws IOException {
    RdbCheckReport report = check(fileWith(RdbType.SET_LISTPACK, Listpack.empty().bytes()));

    assertThat(report.isSound()).isTrue();
    assertThat(report.findings()).extracting(Finding::severity).containsExactly(Severity.WARNING);
  }

  @Test
  void reportsBytesAfterTheEnd() throws IOException {
    byte[] file = Corpus.golden("redis-7.0.15", "empty.rdb");

    RdbCheckReport report = check(Arrays.copyOf(file, file.length + 1));

    assertThat(report.isSound()).isTrue();
    assertThat(report.findings())
        .extracting(Finding::sentence)
        .containsExactly("bytes follow after the end of the RDB");
    assertThat(report.aux()).containsEntry("redis-ver", "7.0.15");
  }

  @ParameterizedTest
  @CsvSource({
    "SET_INTSET, 02 00 00 00 00 00 00 00",
    "HASH_ZIPMAP, 00 ff",
  })
  void saysThatServersRefuseWhatIsEmpty(RdbType type, String packed) throws IOException {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(packed);

    RdbCheckReport report = check(fileWith(type, bytes));

    assertThat(report.isSound()).isFalse();
    assertThat(report.findings())
        .extracting(Finding::sentence)
        .containsExactly("a collection without elements, of a type that servers refuse empty");
  }

  /// Type 24: a lowest expiry, then for each field the distance to it, 0 for none.
  @ParameterizedTest
  @CsvSource({
    "-5, 10, the lowest expiry of a hash's fields is out of bounds",
    "1000, -999, the expiry of a hash field is out of bounds",
    "281474976710656, 2, the expiry of a hash field is out of bounds",
  })
  void findsFieldExpiriesOutOfBounds(long lowest, long distance, String sentence)
      throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0012")
            .key(24, "hash")
            .little(8, lowest)
            .put(1)
            .put(0x81)
            .big(8, distance)
            .texts("field", "value")
            .endUnchecked();

    assertThat(check(file).findings())
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .singleElement()
        .satisfies(finding -> assertThat(finding.sentence()).startsWith(sentence));
  }

  @Test
  void findsIndexesOfAnArrayThatStandFarApartTwice() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0014")
            .key(28, "array")
            .put(3, 0)
            .put(5, 1)
            .little(8, 1)
            .put(7, 1)
            .little(8, 2)
            .put(5, 1)
            .little(8, 3)
            .endUnchecked();

    assertThat(check(file).findings())
        .extracting(Finding::sentence)
        .contains("an array holds an index twice: 5");
  }

  @Test
  void tellsDatabasesApartInBoundedMemory() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011");
    for (int db = 0; db <= DatasetDigest.MOST_DATABASES; db++) {
      file.put(254).length(db).key(0, "k").text("v");
    }

    assertThat(check(file.endUnchecked()).findings())
        .extracting(Finding::sentence)
        .contains("keys stand in more than 65536 databases, too many for a digest");
  }

  /// Ids whose hash codes are all zero: were they compared one with each other, this would take
  /// hours. The first breaks a rule and then cannot be unpacked; the second is as it should be.
  @Test
  void aStreamIsNotBlamedForTheOneBeforeIt() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0009").key(15, "damaged").put(0, 0, 0, 0);
    file.length(3);
    file.text("group").put(0, 0, 0, 0);
    file.text("group").put(0, 0, 0, 0);
    file.put(0xc3).length(1).length(5).put(0).put(0, 0, 0, 0);
    file.key(15, "sound").put(0, 0, 0, 0, 0);

    RdbCheckReport report = check(file.end());

    assertThat(report.entryCount()).isEqualTo(2);
    assertThat(report.findings())
        .extracting(finding -> finding.key().orElseThrow())
        .containsExactly("damaged");
  }

  @Test
  void pendingEntriesOfOneHashCodeAreTold() throws IOException {
    int count = 100_000;
    RdbBytes value = new RdbBytes().length(0).length(0).length(0).length(0);
    value.length(1).text("group").length(0).length(0).length(count);
    for (long i = 0; i < count; i++) {
      value.id(i << 32 | i, 0).little(8, 1).length(1);
    }
    value.length(1).text("consumer").little(8, 1).length(count);
    for (long i = 0; i < count; i++) {
      value.id(i << 32 | i, 0);
    }
    RdbBytes file = RdbBytes.file("REDIS0009").key(15, "stream").raw(value.bytes());

    RdbCheckReport report = check(file.endUnchecked());

    assertThat(report.isSound()).isTrue();
    assertThat(report.entryCount()).isEqualTo(1);
  }

  /// An RDB of version 11 with one key in database 2, whose value is one packed string.
  private static byte[] fileWith(RdbType type, byte[] packed) throws IOException {
    byte[] value = new byte[packed.length + 1];
    value[0] = (byte) packed.length;
    System.arraycopy(packed, 0, value, 1, packed.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(11));
    writer.write(new RdbRecord.Entry(2, "key".getBytes(UTF_8), -1, -1, -1, type, value));
    writer.end();
    return out.toByteArray();
  }

  private static RdbCheckReport check(byte[] file) throws IOException {
    return RdbCheck.checkFile(ByteInput.of(file, "test"));
  }

  private static List<RdbRecord> records(byte[] file) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(file, "test"));
    List<RdbRecord> records = new ArrayList<>();
    do {
      records.add(reader.next());
    } while (!(records.getLast() instanceof RdbRecord.End));
    return records;
  }
}
