package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Compares what a running server holds with the truth of the corpus, by values.
final class LiveData {

  private final RespConnection server;

  LiveData(RespConnection server) {
    this.server = server;
  }

  /// Checks that the server holds the keys of `truth`, each with its value and expiry, and no
  /// others. Keys whose time has come since must be gone.
  void assertIs(JsonNode truth) throws IOException {
    long now = Long.parseLong(server.call("TIME").asList().getFirst().asText()) * 1000;
    long expired = 0;
    for (JsonNode key : truth.get("keys")) {
      server.call("SELECT", key.get("db").asText());
      byte[] name = Blob.bytes(key.get("key"));
      String label = key.get("db") + " " + new String(name, StandardCharsets.UTF_8);
      JsonNode expiry = key.get("expire_at_ms");
      if (!expiry.isNull() && expiry.asLong() <= now) {
        assertThat(ask("EXISTS", name).asLong()).as(label).isZero();
        expired++;
        continue;
      }
      assertThat(ask("TYPE", name).asText()).as(label).isEqualTo(key.get("type").asText());
      assertThat(ask("PEXPIRETIME", name).asLong())
          .as(label)
          .isEqualTo(expiry.isNull() ? -1 : expiry.asLong());
      assertValue(label, name, key.get("type").asText(), key.get("value"));
    }
    assertThat(keys()).as("number of keys").isEqualTo(truth.get("keys").size() - expired);
  }

  private long keys() throws IOException {
    return server
        .call("INFO", "keyspace")
        .asText()
        .lines()
        .filter(line -> line.startsWith("db"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*keys=([0-9]+).*", "$1")))
        .sum();
  }

  private void assertValue(String label, byte[] name, String type, JsonNode value)
      throws IOException {
    switch (type) {
      case "string" -> assertBlobs(label, List.of(value), List.of(ask("GET", name).asBytes()));
      case "list" -> assertBlobs(label, items(value), strings(ask("LRANGE", name, "0", "-1")));
      case "set" -> {
        List<byte[]> members = strings(ask("SMEMBERS", name));
        members.sort(Arrays::compareUnsigned);
        assertBlobs(label, items(value), members);
      }
      case "zset" ->
          assertScores(label, value, strings(ask("ZRANGE", name, "0", "-1", "WITHSCORES")));
      case "hash" -> assertHash(label, value, strings(ask("HGETALL", name)));
      case "stream" -> assertStream(label, value, ask("XRANGE", name, "-", "+").asList());
      default -> throw new AssertionError("type " + type + " of " + label);
    }
  }

  private static void assertScores(String label, JsonNode value, List<byte[]> live) {
    assertThat(live).as(label).hasSize(2 * value.size());
    for (int i = 0; i < value.size(); i++) {
      assertBlobs(label, List.of(value.get(i).get(0)), List.of(live.get(2 * i)));
      String score = new String(live.get(2 * i + 1), StandardCharsets.US_ASCII);
      assertThat(number(score)).as(label).isEqualTo(number(value.get(i).get(1).asText()));
    }
  }

  /// Adding zero drops the sign of a zero, which servers do not keep either.
  private static double number(String score) {
    return switch (score) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(score) + 0.0;
    };
  }

  private static void assertHash(String label, JsonNode value, List<byte[]> live) {
    List<byte[][]> fields = new ArrayList<>();
    for (int i = 0; i < live.size(); i += 2) {
      fields.add(new byte[][] {live.get(i), live.get(i + 1)});
    }
    fields.sort((a, b) -> Arrays.compareUnsigned(a[0], b[0]));
    assertBlobs(label, pairs(value), fields.stream().flatMap(Arrays::stream).toList());
  }

  private static void assertStream(String label, JsonNode value, List<RespReply> live)
      throws IOException {
    assertThat(live).as(label).hasSize(value.get("length").asInt());
    for (int i = 0; i < live.size(); i++) {
      JsonNode entry = value.get("entries").get(i);
      List<RespReply> idAndFields = live.get(i).asList();
      assertThat(idAndFields.get(0).asText()).as(label).isEqualTo(entry.get(0).asText());
      assertBlobs(label, pairs(entry.get(1)), strings(idAndFields.get(1)));
    }
  }

  private static void assertBlobs(String label, List<JsonNode> truth, List<byte[]> live) {
    assertThat(live).as(label).hasSameSizeAs(truth);
    for (int i = 0; i < live.size(); i++) {
      assertThat(Blob.matches(truth.get(i), live.get(i))).as("%s, item %d", label, i).isTrue();
    }
  }

  private static List<JsonNode> items(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  private static List<JsonNode> pairs(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(pair -> items.addAll(List.of(pair.get(0), pair.get(1))));
    return items;
  }

  private static List<byte[]> strings(RespReply reply) throws IOException {
    List<byte[]> strings = new ArrayList<>();
    for (RespReply item : reply.asList()) {
      strings.add(item.asBytes());
    }
    return strings;
  }

  private RespReply ask(String command, byte[] key, String... more) throws IOException {
    List<byte[]> args = new ArrayList<>();
    args.add(command.getBytes(StandardCharsets.US_ASCII));
    args.add(key);
    for (String arg : more) {
      args.add(arg.getBytes(StandardCharsets.US_ASCII));
    }
    return server.call(args);
  }
}
