package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Batches hold what the file holds, wherever it is cut.
class RdbBatcherTest {

  private static final int[] BATCH_BYTES = {1, 100, 5000, 1 << 20};

  static List<Path> files() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("files")
  void batchesHoldAllRecordsInOrder(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    RdbReader reader = new RdbReader(ByteInput.of(bytes, "file"));
    List<String> expected = recordsOf(reader);
    for (int batchBytes : BATCH_BYTES) {
      RdbBatcher batcher =
          new RdbBatcher(ByteInput.of(bytes, "file"), RdbReading.DEFAULT, batchBytes);

      assertThat(records(batcher)).as("batches of %d", batchBytes).isEqualTo(expected);
      assertThat(batcher.end()).isEqualTo(reader.next());
    }
  }

  @Test
  void templatesReachTheBatchesThatReferToThem() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0015")
            .put(242, 7, 1)
            .text("a")
            .put(242, 8, 1)
            .text("b")
            .put(32)
            .text("k")
            .put(7)
            .text("v")
            .put(32)
            .text("l")
            .put(8)
            .text("w")
            .end();
    List<String> expected = new ArrayList<>();
    for (RdbRecord record : RdbReaderTest.records(ByteInput.of(file, "file"))) {
      if (record instanceof RdbRecord.Entry) {
        expected.addAll(RdbReaderTest.texts(List.of(record)));
      }
    }
    for (int batchBytes : BATCH_BYTES) {
      RdbBatcher batcher =
          new RdbBatcher(ByteInput.of(file, "file"), RdbReading.DEFAULT, batchBytes);

      assertThat(records(batcher).stream().filter(line -> !line.contains("template")))
          .as("batches of %d", batchBytes)
          .hasSize(2)
          .allMatch(line -> expected.stream().anyMatch(line::contains));
    }
  }

  /// Else a batch would grow with the file.
  @Test
  void refusesAnExpiryThatWaitsForItsKeyForTooLong() throws IOException {
    byte[] file = RdbBytes.file("REDIS0012").put(Opcode.EXPIRE_SECONDS).little(4, 1).bytes();
    byte[] aux = new RdbBytes().put(Opcode.AUX).texts("name", "x".repeat(60)).bytes();
    RdbBytes prefix = new RdbBytes().put(Opcode.EXPIRE_SECONDS).little(4, 1);
    for (byte[] record : List.of(aux, prefix.bytes())) {
      ByteInput in =
          new ByteInput(
              new SequenceInputStream(new ByteArrayInputStream(file), endless(record)), "file");
      RdbBatcher batcher = new RdbBatcher(in, RdbReading.DEFAULT, 1000);

      assertThatThrownBy(
              () -> {
                while (batcher.next().isPresent()) {
                  // the next one may be what fails
                }
              })
          .isInstanceOf(TooLargeException.class)
          .hasMessageContaining("more than 64 MiB");
      assertThat(in.offset()).isBetween(64L << 20, 65L << 20);
    }
  }

  private static InputStream endless(byte[] record) {
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        return record[at++ % record.length] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int length) {
        for (int i = from; i < from + length; i++) {
          target[i] = (byte) read();
        }
        return length;
      }
    };
  }

  @Test
  void recordsInFrontOfAKeyThatCannotBeReadAreThere() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0012")
            .key(0, "first")
            .text("value")
            .put(Opcode.EXPIRE_MILLIS)
            .little(8, 1_900_000_000_000L)
            .put(Opcode.AUX)
            .texts("name", "text")
            .put(99)
            .bytes();
    for (int batchBytes : BATCH_BYTES) {
      RdbBatcher batcher =
          new RdbBatcher(ByteInput.of(file, "file"), RdbReading.DEFAULT, batchBytes);
      List<String> found = new ArrayList<>();

      assertThatThrownBy(
              () -> {
                while (true) {
                  found.addAll(records(batcher.next().orElseThrow()));
                }
              })
          .isInstanceOf(TooNewException.class);
      assertThat(found).as("batches of %d", batchBytes).hasSize(2);
      assertThat(found.getLast()).contains("aux");
    }
  }

  /// No server writes that, and each takes it.
  @Test
  void anExpiryStaysWithItsKeyWhateverStandsBetween() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0012")
            .key(0, "first")
            .text("value")
            .put(Opcode.EXPIRE_MILLIS)
            .little(8, 1_900_000_000_000L)
            .put(Opcode.SELECT_DB, 3)
            .put(Opcode.AUX)
            .texts("name", "text")
            .key(0, "second")
            .text("value")
            .key(0, "third")
            .text("value")
            .end();
    List<String> expected = recordsOf(new RdbReader(ByteInput.of(file, "file")));
    for (int batchBytes : BATCH_BYTES) {
      RdbBatcher batcher =
          new RdbBatcher(ByteInput.of(file, "file"), RdbReading.DEFAULT, batchBytes);

      assertThat(records(batcher)).as("batches of %d", batchBytes).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatStandsBeforeDamageComesFirst(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    List<String> expected = new ArrayList<>();
    RdbReader reader = new RdbReader(ByteInput.of(cut, "file"));
    Optional<String> failure = Optional.empty();
    try {
      while (true) {
        RdbRecord record = reader.next();
        expected.add(reader.recordOffset() + " " + RdbReaderTest.texts(List.of(record)));
      }
    } catch (FormatException e) {
      failure = Optional.of(e.toString());
    }
    RdbBatcher batcher = new RdbBatcher(ByteInput.of(cut, "file"), RdbReading.DEFAULT, 1000);
    List<String> found = new ArrayList<>();
    Optional<String> sameFailure = Optional.empty();
    try {
      for (Optional<RdbBatch> batch = batcher.next(); batch.isPresent(); batch = batcher.next()) {
        found.addAll(records(batch.get()));
      }
    } catch (FormatException e) {
      sameFailure = Optional.of(e.toString());
    }

    assertThat(found).isEqualTo(expected);
    assertThat(sameFailure).isPresent().isEqualTo(failure);
  }

  private static List<String> recordsOf(RdbReader reader) throws IOException {
    List<String> records = new ArrayList<>();
    for (RdbRecord record = reader.next();
        !(record instanceof RdbRecord.End);
        record = reader.next()) {
      records.add(reader.recordOffset() + " " + RdbReaderTest.texts(List.of(record)));
    }
    return records;
  }

  private static List<String> records(RdbBatcher batcher) throws IOException {
    List<String> records = new ArrayList<>();
    for (Optional<RdbBatch> batch = batcher.next(); batch.isPresent(); batch = batcher.next()) {
      records.addAll(records(batch.get()));
    }
    return records;
  }

  private static List<String> records(RdbBatch batch) throws IOException {
    List<String> records = new ArrayList<>();
    RdbCursor cursor = batch.cursor();
    while (true) {
      RdbCursor.Step step = cursor.next();
      if (step == RdbCursor.Step.END) {
        return records;
      }
      RdbRecord record = step == RdbCursor.Step.KEY ? cursor.entry() : cursor.record();
      records.add(cursor.recordOffset() + " " + RdbReaderTest.texts(List.of(record)));
    }
  }
}
