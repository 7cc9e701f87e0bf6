package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.AofCorpus;
import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.Blob;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Streams that real primaries sent, played to us again: what arrives must be what those primaries
/// held.
class RecordedStreamTest {

  /// Values by `db key`; the commands in the recordings are `SET` and `INCR`.
  private final Map<String, List<byte[]>> data = new TreeMap<>();

  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#streams")
  void endsWithTheDataOfThePrimary(Path recording) throws IOException {
    JsonNode truth = AofCorpus.beside(recording, ".json");
    try (ScriptedPrimary primary = ScriptedPrimary.sending(Files.readAllBytes(recording));
        ReplicationStream stream = ReplicationStream.connect(primary.options())) {
      SyncResult.FullSync full = stream.sync();
      JsonNode aux = truth.get("header").get("aux");
      if (aux.has("repl-id")) {
        assertThat(full.replicationId()).isEqualTo(aux.get("repl-id").asText());
        assertThat(full.offset()).isEqualTo(aux.get("repl-offset").asLong());
      }
      readSnapshot(full.snapshot().input());
      full.snapshot().finish();
      readCommands(stream.commands(), full.offset());
    }
    assertThat(data).hasSize(truth.get("keys").size());
    for (JsonNode key : truth.get("keys")) {
      String name = name(key.get("db").asInt(), Blob.bytes(key.get("key")));
      List<byte[]> values = data.getOrDefault(name, List.of());
      JsonNode value = key.get("value");
      List<JsonNode> expected = new ArrayList<>();
      (value.isArray() ? value : List.of(value)).forEach(expected::add);
      assertThat(values).as(name).hasSameSizeAs(expected);
      for (int i = 0; i < values.size(); i++) {
        assertThat(Blob.matches(expected.get(i), values.get(i))).as(name).isTrue();
      }
    }
  }

  private void readSnapshot(ByteInput in) throws IOException {
    RdbReader rdb = new RdbReader(in);
    for (RdbRecord record = rdb.next(); !(record instanceof RdbRecord.End); record = rdb.next()) {
      if (record instanceof RdbRecord.Entry entry) {
        data.put(
            name(entry.db(), entry.key()),
            switch (RdbValues.decode(entry)) {
              case RdbValue.StringValue(byte[] bytes) -> List.of(bytes);
              case RdbValue.ListValue(List<byte[]> elements) -> elements;
              case RdbValue other -> throw new AssertionError("not in the recordings: " + other);
            });
      }
    }
  }

  private void readCommands(ByteInput in, long offset) throws IOException {
    AofReader reader = new AofReader(in);
    long next = offset;
    boolean ended = false;
    while (!ended && reader.next() instanceof AofRecord.Command command) {
      assertThat(command.offset()).isEqualTo(next);
      next += command.length();
      ended = apply(command);
    }
    assertThat(ended).as("the last key of the recording").isTrue();
    assertThat(in.offset()).isEqualTo(next);
  }

  private boolean apply(AofRecord.Command command) {
    switch (command.name()) {
      case "SET" -> {
        data.put(key(command), List.of(command.args().get(2)));
        return key(command).contains("sentinel-");
      }
      case "INCR" -> data.merge(key(command), List.of(number(1)), (old, one) -> List.of(next(old)));
      default -> assertThat(command.name()).isIn("SELECT", "MULTI", "EXEC", "PING");
    }
    return false;
  }

  private static byte[] next(List<byte[]> old) {
    return number(Long.parseLong(new String(old.getFirst(), ISO_8859_1)) + 1);
  }

  private static byte[] number(long value) {
    return Long.toString(value).getBytes(ISO_8859_1);
  }

  private static String key(AofRecord.Command command) {
    return name(command.db(), command.args().get(1));
  }

  private static String name(int db, byte[] key) {
    return db + " " + new String(key, ISO_8859_1);
  }
}
