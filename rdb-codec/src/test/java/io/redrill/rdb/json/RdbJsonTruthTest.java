package io.redrill.rdb.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The lines of every healthy file say what the server that wrote it said.
class RdbJsonTruthTest {

  private static final int LONGEST_VERBATIM = 65536;

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void saysWhatTheServerSaid(Path file) throws IOException {
    List<JsonNode> lines = JsonLines.of(Files.readAllBytes(file), true);
    JsonNode truth = new ObjectMapper().readTree(Corpus.truthOf(file).toFile());

    Map<String, JsonNode> keys = new HashMap<>();
    lines.stream()
        .filter(line -> line.has("key"))
        .forEach(line -> keys.put(line.get("db") + " " + blob(line.get("key")), line));
    assertThat(keys).hasSize(truth.get("keys").size());
    for (JsonNode expected : truth.get("keys")) {
      String name = expected.get("db") + " " + blob(expected.get("key"));
      assertThat(keys).containsKey(name);
      compare(name, Objects.requireNonNull(keys.get(name)), expected);
    }
    assertThat(lines.getFirst().get("format").asText()).isEqualTo(RdbJson.FORMAT);
    JsonNode end = lines.getLast().get("end");
    assertThat(end.get("keys").asInt()).isEqualTo(keys.size());
    List<String> code =
        lines.stream()
            .filter(line -> line.has("function"))
            .map(line -> blob(line.get("function").get("code")))
            .sorted()
            .toList();
    assertThat(code)
        .isEqualTo(items(truth.path("functions")).map(f -> blob(f.get("code"))).sorted().toList());
    assertThat(end.get("functions").asInt()).isEqualTo(code.size());
  }

  private static void compare(String name, JsonNode line, JsonNode truth) {
    String type = truth.get("type").asText();
    assertThat(line.get("type").asText()).as(name).isEqualTo(type);
    assertThat(line.path("expire_at_ms").asLong(-1))
        .as(name)
        .isEqualTo(truth.get("expire_at_ms").asLong(-1));
    // Servers before 7.0 wrote half a turn of their clock for a longer time.
    if (truth.has("idle_s") && line.get("idle_s").asLong() != 1L << 23) {
      assertThat(line.get("idle_s").asLong())
          .as(name)
          .isCloseTo(truth.get("idle_s").asLong(), within(2L));
    }
    if (truth.has("freq")) {
      assertThat(line.get("freq")).as(name).isEqualTo(truth.get("freq"));
    }
    JsonNode actual = line.get("value");
    JsonNode expected = truth.get("value");
    switch (type) {
      case "string" -> assertThat(blob(actual)).as(name).isEqualTo(blob(expected));
      case "list" -> assertThat(blobs(actual)).as(name).isEqualTo(blobs(expected));
      case "set" ->
          assertThat(blobs(actual)).as(name).containsExactlyInAnyOrderElementsOf(blobs(expected));
      case "zset" -> assertThat(scores(actual)).as(name).isEqualTo(scores(expected));
      case "hash" -> assertThat(fields(actual)).as(name).isEqualTo(fields(expected));
      case "stream" -> stream(name, actual, expected);
      case "vectorset" -> vectors(name, actual, expected);
      default -> assertThat(actual.get("b64").isTextual()).as(name).isTrue();
    }
  }

  private static void stream(String name, JsonNode actual, JsonNode expected) {
    assertThat(entries(actual)).as(name).isEqualTo(entries(expected));
    for (String member :
        List.of("length", "last_id", "first_id", "max_deleted_id", "entries_added")) {
      if (!expected.get(member).isNull()) {
        assertThat(actual.get(member)).as(name + " " + member).isEqualTo(expected.get(member));
      }
    }
    Map<String, JsonNode> groups = new HashMap<>();
    actual.get("groups").forEach(group -> groups.put(blob(group.get("name")), group));
    assertThat(groups).hasSize(expected.get("groups").size());
    for (JsonNode group : expected.get("groups")) {
      String label = name + " group " + group.get("name");
      JsonNode found = Objects.requireNonNull(groups.get(blob(group.get("name"))));
      assertThat(found.get("last_delivered_id"))
          .as(label)
          .isEqualTo(group.get("last_delivered_id"));
      if (group.get("entries_read_known").asBoolean()) {
        assertThat(found.get("entries_read")).as(label).isEqualTo(group.get("entries_read"));
      }
      assertThat(pending(found)).as(label).isEqualTo(truePending(group));
      assertThat(consumers(found, group)).as(label).isEqualTo(consumers(group, group));
    }
  }

  private static Map<String, String> pending(JsonNode group) {
    Map<String, String> owners = new HashMap<>();
    for (JsonNode consumer : group.get("consumers")) {
      consumer.get("pel").forEach(id -> owners.put(id.asText(), blob(consumer.get("name"))));
    }
    Map<String, String> pending = new HashMap<>();
    group
        .get("pel")
        .forEach(one ->
            pending.put(
                one.get(0).asText(),
                owners.get(one.get(0).asText()) + " " + one.get(1) + " " + one.get(2)));
    return pending;
  }

  private static Map<String, String> truePending(JsonNode group) {
    Map<String, String> pending = new HashMap<>();
    group
        .get("pel")
        .forEach(one ->
            pending.put(
                one.get(0).asText(), blob(one.get(1)) + " " + one.get(2) + " " + one.get(3)));
    return pending;
  }

  /// The consumers of `group`, with those times that `known` knows.
  private static Map<String, String> consumers(JsonNode group, JsonNode known) {
    Map<String, String> times = new HashMap<>();
    Map<String, JsonNode> knownConsumers = new HashMap<>();
    known.get("consumers").forEach(one -> knownConsumers.put(blob(one.get("name")), one));
    for (JsonNode consumer : group.get("consumers")) {
      String name = blob(consumer.get("name"));
      JsonNode all = knownConsumers.getOrDefault(name, consumer);
      StringBuilder text = new StringBuilder();
      for (String time : List.of("seen_time_ms", "active_time_ms")) {
        if (!all.get(time).isNull()) {
          text.append(consumer.get(time).asLong(-1)).append(' ');
        }
      }
      times.put(name, text.toString());
    }
    return times;
  }

  private static List<String> entries(JsonNode stream) {
    List<String> entries = new ArrayList<>();
    for (JsonNode entry : stream.get("entries")) {
      StringBuilder text = new StringBuilder(entry.get(0).asText());
      entry.get(1).forEach(pair -> text.append(' ').append(blobs(pair)));
      entries.add(text.toString());
    }
    return entries;
  }

  private static void vectors(String name, JsonNode actual, JsonNode expected) {
    assertThat(actual.get("dimensions")).isEqualTo(expected.get("info").get("vector-dim"));
    Map<String, JsonNode> elements = new HashMap<>();
    actual.get("elements").forEach(element -> elements.put(blob(element.get(0)), element));
    assertThat(elements).hasSize(expected.get("elements").size());
    for (JsonNode element : expected.get("elements")) {
      String label = name + " " + element.get(0);
      JsonNode found = Objects.requireNonNull(elements.get(blob(element.get(0))));
      assertThat(found.get(1).size()).as(label).isEqualTo(element.get(1).size());
      for (int i = 0; i < found.get(1).size(); i++) {
        double number = Double.parseDouble(element.get(1).get(i).asText());
        assertThat(found.get(1).get(i).asDouble())
            .as(label)
            .isCloseTo(number, within(1e-6 + Math.abs(number) * 1e-5));
      }
      assertThat(found.get(2).isNull()).as(label).isEqualTo(element.get(2).isNull());
      if (!element.get(2).isNull()) {
        assertThat(blob(found.get(2))).as(label).isEqualTo(blob(element.get(2)));
      }
    }
  }

  private static Map<String, Double> scores(JsonNode pairs) {
    Map<String, Double> scores = new HashMap<>();
    for (JsonNode pair : pairs) {
      double score =
          switch (pair.get(1).asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(pair.get(1).asText());
          };
      scores.put(blob(pair.get(0)), score + 0.0);
    }
    return scores;
  }

  private static Map<String, String> fields(JsonNode triples) {
    Map<String, String> fields = new HashMap<>();
    for (JsonNode triple : triples) {
      fields.put(blob(triple.get(0)), blob(triple.get(1)) + " " + triple.path(2).asLong(-1));
    }
    return fields;
  }

  private static List<String> blobs(JsonNode array) {
    return items(array).map(RdbJsonTruthTest::blob).toList();
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /// The bytes of a blob as text: theirs, or of long ones their length and hash.
  private static String blob(JsonNode blob) {
    if (blob.has("sha256")) {
      return blob.get("len").asText() + " bytes " + blob.get("sha256").asText();
    }
    boolean isText = !blob.has("b64");
    byte[] bytes =
        isText
            ? blob.asText().getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode(blob.get("b64").asText());
    if (bytes.length <= LONGEST_VERBATIM) {
      return isText ? blob.asText() : "bytes " + HexFormat.of().formatHex(bytes);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + " bytes " + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
