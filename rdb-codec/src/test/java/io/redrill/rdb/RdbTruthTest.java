package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every healthy file holds what the server that wrote it said, also after it was written again.
class RdbTruthTest {

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void decodesWhatTheServerSaid(Path file) throws IOException {
    List<RdbRecord> records = read(Files.readAllBytes(file));

    assertThat(Truth.differences(Truth.of(records), Truth.of(Corpus.truthOf(file)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void copiesRecordsAsTheyAre(Path file) throws IOException {
    byte[] original = Files.readAllBytes(file);
    List<RdbRecord> records = read(original);
    int version = version(original);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(Math.max(9, version)));

    for (RdbRecord record : records) {
      writer.write(record);
    }

    List<RdbRecord> copied = read(out.toByteArray());
    assertThat(RdbReaderTest.texts(copied.subList(0, copied.size() - 1)))
        .isEqualTo(RdbReaderTest.texts(records.subList(0, records.size() - 1)));
    assertThat(((RdbRecord.End) copied.getLast()).checksum()).isEqualTo(RdbRecord.Checksum.MATCHES);
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void encodesValuesThatReadBackTheSame(Path file) throws IOException {
    byte[] original = Files.readAllBytes(file);
    List<RdbRecord> records = read(original);
    int version = Math.max(RdbVersions.BASELINE, version(original));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(version));

    for (RdbRecord record : records) {
      if (record instanceof RdbRecord.Entry entry) {
        RdbValue value = RdbValues.decode(entry);
        assertThat(RdbVersions.oldestHolding(value)).isLessThanOrEqualTo(version);
        writer.write(entry.db(), entry.key(), entry.expireAtMillis(), value);
      }
    }
    writer.end();

    // A version in between may know more of a stream than the original did.
    assertThat(withoutUnknowns(read(out.toByteArray()))).isEqualTo(withoutUnknowns(records));
  }

  private static List<String> withoutUnknowns(List<RdbRecord> records) throws IOException {
    return Truth.of(records).entrySet().stream()
        .map(line -> line.toString().replaceAll("(stream|group|consumer) .*", "$1"))
        .toList();
  }

  private static int version(byte[] file) throws IOException {
    return new RdbReader(ByteInput.of(file, "test")).header().version();
  }

  private static List<RdbRecord> read(byte[] file) throws IOException {
    return RdbReaderTest.records(ByteInput.of(file, "test"));
  }
}
