package io.redrill.rdb.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.check.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a check says of files that come from other machines and servers than most.
class OriginTest {

  private static final long T = 1_400_000_000_000L;
  private static final RdbReading BIG_ENDIAN = new RdbReading(true);

  @Test
  void warnsOnceOfExpiriesOfABigEndianMachine() throws IOException {
    RdbCheckReport report = check(bigEndian("REDIS0006"), RdbReading.DEFAULT);

    assertThat(report.isSound()).isTrue();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.offset()).isEqualTo(11);
          assertThat(finding.sentence())
              .contains("2 expiries", "probably written on a big-endian machine");
        });
  }

  @Test
  void readsExpiriesOfABigEndianMachine() throws IOException {
    assertThat(expiries(bigEndian("REDIS0006"), BIG_ENDIAN)).containsExactly(T, T + 1, -1L);
    assertThat(expiries(bigEndian("REDIS0006"), RdbReading.DEFAULT))
        .containsExactly(Long.reverseBytes(T), Long.reverseBytes(T + 1), -1L);
    assertThat(check(bigEndian("REDIS0006"), BIG_ENDIAN).findings()).isEmpty();
  }

  @Test
  void readsExpiriesFromVersion9OnInOneOrder() throws IOException {
    assertThat(expiries(bigEndian("REDIS0009"), BIG_ENDIAN))
        .isEqualTo(expiries(bigEndian("REDIS0009"), RdbReading.DEFAULT));
    assertThat(check(bigEndian("REDIS0009"), RdbReading.DEFAULT).findings()).isEmpty();
  }

  @Test
  void saysThatTheOtherOrderWasRight() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0006").put(254, 0, 252).little(8, T).key(0, "k").text("v").end();

    assertThat(check(file, RdbReading.DEFAULT).findings()).isEmpty();
    assertThat(check(file, BIG_ENDIAN).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.sentence()).contains("probably not written"));
  }

  private static byte[] bigEndian(String header) {
    return RdbBytes.file(header)
        .put(254, 0, 252)
        .big(8, T)
        .key(0, "k")
        .text("v")
        .put(252)
        .big(8, T + 1)
        .key(0, "l")
        .text("v")
        .key(0, "m")
        .text("v")
        .end();
  }

  @Test
  void countsMemberExpiriesOfKeyDb() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0009")
            .put(250)
            .texts("redis-ver", "6.3.4")
            .put(254, 0, 250)
            .texts("mvcc-tstamp", "1234")
            .key(2, "set")
            .put(2)
            .texts("a", "b")
            .put(250)
            .texts("keydb-subexpire-key", "a")
            .put(250)
            .texts("keydb-subexpire-when", "1900000000000")
            .put(250)
            .texts("keydb-subexpire-key", "b")
            .put(250)
            .texts("keydb-subexpire-when", "1900000000001")
            .end();

    RdbCheckReport report = check(file, RdbReading.DEFAULT);

    assertThat(report.isSound()).isTrue();
    assertThat(report.aux()).containsOnlyKeys("redis-ver");
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.sentence())
              .startsWith("2 member expiries of KeyDB, which no other server reads");
        });
  }

  @Test
  void leavesOutWhenKeysChangedInKeyDb() throws IOException {
    Optional<Path> file =
        Corpus.healthyFiles().stream()
            .filter(path -> path.endsWith("keydb-6.3.4/rdb/everything.rdb"))
            .findAny();
    assumeTrue(file.isPresent(), "files of KeyDB are in the whole corpus only, which is not here");

    RdbCheckReport report = check(Files.readAllBytes(file.get()), RdbReading.DEFAULT);

    assertThat(report.isSound()).isTrue();
    assertThat(report.aux()).doesNotContainKey("mvcc-tstamp");
  }

  private static List<Long> expiries(byte[] file, RdbReading how) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(file, "test"), how);
    List<Long> expiries = new ArrayList<>();
    while (true) {
      switch (reader.next()) {
        case RdbRecord.Entry entry -> expiries.add(entry.expireAtMillis());
        case RdbRecord.End _ -> {
          return expiries;
        }
        default -> {
          // only keys expire
        }
      }
    }
  }

  private static RdbCheckReport check(byte[] file, RdbReading how) throws IOException {
    return RdbCheck.checkFile(
        ByteInput.of(file, "test"),
        new RdbCheckOptions(RdbCheck.Depth.ELEMENTS, how, 2, Optional.empty()));
  }
}
