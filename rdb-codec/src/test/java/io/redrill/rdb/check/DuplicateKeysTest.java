package io.redrill.rdb.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.KeysOfOneHash;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.encoding.Xxh3;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicateKeysTest {

  private static final int AMPLE = 1 << 24;

  @TempDir private Path directory;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  private RdbCheckReport check(byte[] rdb, int memoryBytes) throws IOException {
    return RdbCheck.checkFile(
        ByteInput.of(rdb, "test.rdb"),
        new RdbCheckOptions(
            Depth.ELEMENTS,
            RdbReading.DEFAULT,
            2,
            Optional.of(new SpillLimits(directory, memoryBytes))));
  }

  private static RdbRecord.Entry entry(int db, String key) {
    return new RdbRecord.Entry(
        db, key.getBytes(UTF_8), -1, -1, -1, RdbType.STRING, new byte[] {1, 'v'});
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void findsNoneInHealthyFiles(Path file) throws IOException {
    byte[] rdb = Files.readAllBytes(file);

    assertThat(check(rdb, AMPLE).isSound()).isTrue();
    assertThat(check(rdb, 4096).isSound()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, AMPLE})
  void namesKeyDatabaseAndBothPlacesInFileOrder(int memoryBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    String longKey = "k".repeat(2000);
    for (int i = 0; i < 500; i++) {
      writer.write(entry(i % 2, "key:" + i));
    }
    writer.write(entry(3, "key:7")); // in another database: no duplicate
    writer.write(entry(1, longKey + "a"));
    writer.write(entry(1, longKey + "b"));
    writer.write(entry(1, "key:7"));
    writer.write(entry(1, longKey + "a"));
    writer.write(entry(1, "key:7"));
    writer.end();

    RdbCheckReport report = check(out.toByteArray(), memoryBytes);

    assertThat(report.isSound()).isFalse();
    assertThat(report.errors()).isEqualTo(3);
    assertThat(report.findings()).hasSize(3);
    assertThat(report.findings())
        .isSortedAccordingTo((a, b) -> Long.compare(a.offset(), b.offset()));
    Finding first = report.findings().getFirst();
    assertThat(first.key()).contains("key:7");
    assertThat(first.db()).hasValue(1);
    byte[] rdb = out.toByteArray();
    int firstPlace = Integer.parseInt(first.sentence().replaceAll("\\D+", ""));
    assertThat(new String(rdb, firstPlace + 2, 5, UTF_8)).isEqualTo("key:7");
    assertThat(new String(rdb, (int) first.offset() + 2, 5, UTF_8)).isEqualTo("key:7");
    assertThat(report.findings().getLast().key()).contains("key:7");
  }

  @Test
  void countsAllOfVeryMany() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    for (int i = 0; i < 10_000; i++) {
      writer.write(entry(0, "key:" + i % 3000));
    }
    writer.end();

    RdbCheckReport report = check(out.toByteArray(), 64 * 1024);

    assertThat(report.errors()).isEqualTo(7000);
    assertThat(report.findings()).hasSize(RdbCheck.MAX_FINDINGS);
    assertThat(report.findings().getFirst().key()).contains("key:0");
  }

  /// Were each looked for among all the others, this would take hours.
  @Test
  void countsAKeyThatStandsVeryOften() throws IOException {
    int times = 300_000;
    RdbBytes file = RdbBytes.file("REDIS0011");
    for (int i = 0; i < times; i++) {
      file.key(0, "k").text("v");
    }

    RdbCheckReport report = check(file.endUnchecked(), AMPLE);

    assertThat(report.errors()).isEqualTo(times - 1);
    assertThat(report.findings().getFirst().sentence()).contains("at offset 9 of");
  }

  /// More often than fits into the memory.
  @Test
  void countsAKeyWhoseOffsetsDoNotFitIntoTheMemory() throws IOException {
    int times = 3000;
    RdbBytes file = RdbBytes.file("REDIS0011").key(0, "other").text("v");
    for (int i = 0; i < times; i++) {
      file.key(0, "k").text("v");
    }

    RdbCheckReport report = check(file.endUnchecked(), 4096);

    assertThat(report.errors()).isEqualTo(times - 1);
    assertThat(report.findings()).hasSize(RdbCheck.MAX_FINDINGS);
    assertThat(report.findings())
        .allSatisfy(finding -> assertThat(finding.sentence()).contains("at offset 18 of"));
    assertThat(report.findings().stream().map(Finding::offset).distinct())
        .hasSize(RdbCheck.MAX_FINDINGS);
  }

  /// Were each such key compared with all others, this would take hours.
  @Test
  void keysThatWereMadeToShareAHashAreTold() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011");
    for (int i = 0; i < 200_000; i++) {
      file.put(0).blob(KeysOfOneHash.key(i)).text("v");
    }

    assertThat(check(file.endUnchecked(), AMPLE).errors()).isZero();
  }

  @Test
  void longKeysThatWereMadeToShareAHashAreTold() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011");
    Xxh3 hash = new Xxh3();
    Set<Long> hashes = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      byte[] key = KeysOfOneHash.longKey(i);
      file.put(0).blob(key).text("v");
      hash.hash(key, 0, key.length);
      hashes.addAll(List.of(hash.low(), hash.high()));
    }

    assertThat(hashes).hasSize(2);
    assertThat(check(file.endUnchecked(), AMPLE).findings())
        .extracting(Finding::severity)
        .containsOnly(Finding.Severity.INFO);
  }

  @Test
  void namesAnErrorBehindVeryManyWarnings() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011");
    for (int i = 0; i < 2 * RdbCheck.MAX_FINDINGS; i++) {
      file.key(2, "empty" + i).put(0);
    }
    file.key(2, "broken").put(2).texts("member", "member");

    for (int threads : new int[] {1, 2}) {
      RdbCheckReport report =
          RdbCheck.checkFile(
              ByteInput.of(file.endUnchecked(), "test.rdb"),
              new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, threads, Optional.empty()));
      assertThat(report.errors()).isEqualTo(1);
      assertThat(report.findings())
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .singleElement()
          .satisfies(finding -> assertThat(finding.key()).contains("broken"));
    }
  }
}
