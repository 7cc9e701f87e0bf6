package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RdbReaderTest {

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void readsEveryRecordOfAHealthyFile(Path file) throws IOException {
    JsonNode truth = new ObjectMapper().readTree(Corpus.truthOf(file).toFile());
    byte[] bytes = Files.readAllBytes(file);
    ByteInput in = ByteInput.of(bytes, "test");

    List<RdbRecord> records = records(in);

    RdbRecord.End end = (RdbRecord.End) records.getLast();
    assertThat(end.offset()).isEqualTo(bytes.length).isEqualTo(in.offset());
    assertThat(records.stream().filter(RdbRecord.Entry.class::isInstance))
        .hasSize(truth.get("keys").size());
    assertThat(records.stream().filter(RdbRecord.FunctionLibrary.class::isInstance))
        .hasSize(truth.path("functions").size());
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void readsTheSameInTinySteps(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteArrayOutputStream tapped = new ByteArrayOutputStream();
    ByteInput drops = new ByteInput(new ByteArrayInputStream(bytes), "test", 16);
    drops.tap(tapped::write);

    List<RdbRecord> records = records(drops);
    drops.flushTap();

    assertThat(texts(records)).isEqualTo(texts(records(ByteInput.of(bytes, "test"))));
    assertThat(tapped.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void takesExactlyTheBytesOfTheRdb() throws IOException {
    byte[] rdb = emptyRdb();
    byte[] withMore = java.util.Arrays.copyOf(rdb, rdb.length + 3);
    withMore[rdb.length] = '*';
    ByteInput in = ByteInput.of(withMore, "test");
    RdbReader reader = new RdbReader(in);

    RdbRecord end = reader.next();

    assertThat(end).isEqualTo(new RdbRecord.End(rdb.length, RdbRecord.Checksum.UNCHECKED));
    assertThat(reader.next()).isEqualTo(end);
    assertThat(in.readByte()).isEqualTo('*');
  }

  /// The tests run with a heap of 1 GiB: to believe this length would be an OutOfMemoryError.
  @Test
  void aHostileLengthCostsNoMemory() {
    byte[] claimsTwoGigabytes = {
      'R', 'E', 'D', 'I', 'S', '0', '0', '1', '0', 0, 1, 'k', (byte) 0x80, 0x7f, -1, -1, -16, 'v'
    };
    assertThatThrownBy(() -> records(ByteInput.of(claimsTwoGigabytes, "short.rdb")))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e.problem()).isEqualTo("the file ends inside a value");
              assertThat(e.key()).contains("k");
              assertThat(e.offset()).isEqualTo(18);
              assertThat(e.input()).isEqualTo("short.rdb");
            });
  }

  @Test
  void namesAnUnknownType() {
    byte[] bytes = {'R', 'E', 'D', 'I', 'S', '0', '0', '1', '5', 99, 3, 'k', 'e', 'y', 1, 'v'};

    assertThatThrownBy(() -> records(ByteInput.of(bytes, "new.rdb")))
        .isInstanceOfSatisfying(
            TooNewException.class,
            e -> {
              assertThat(e.problem()).isEqualTo("unknown value type 99");
              assertThat(e.key()).contains("key");
              assertThat(e.offset()).isEqualTo(9);
            });
  }

  private static byte[] emptyRdb() {
    return new byte[] {'R', 'E', 'D', 'I', 'S', '0', '0', '1', '1', -1, 0, 0, 0, 0, 0, 0, 0, 0};
  }

  static List<RdbRecord> records(ByteInput in) throws IOException {
    RdbReader reader = new RdbReader(in);
    List<RdbRecord> records = new ArrayList<>();
    RdbRecord record;
    do {
      record = reader.next();
      records.add(record);
    } while (!(record instanceof RdbRecord.End));
    return records;
  }

  /// Records hold arrays, which are equal only to themselves; their texts can be compared.
  static List<String> texts(List<RdbRecord> records) {
    return records.stream().map(RdbReaderTest::text).toList();
  }

  private static String text(RdbRecord record) {
    return switch (record) {
      case RdbRecord.Aux(byte[] name, byte[] value) -> "aux " + hex(name) + " " + hex(value);
      case RdbRecord.FunctionLibrary(byte[] source) -> "function " + hex(source);
      case RdbRecord.HashTemplate template -> "template " + template.id();
      case RdbRecord.Verbatim(int opcode, byte[] payload) -> opcode + " " + hex(payload);
      case RdbRecord.Entry entry ->
          "%d %s %d %d %d %s %s"
              .formatted(
                  entry.db(),
                  hex(entry.key()),
                  entry.expireAtMillis(),
                  entry.idleSeconds(),
                  entry.frequency(),
                  entry.type(),
                  hex(entry.value()));
      case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.End _ -> record.toString();
    };
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
