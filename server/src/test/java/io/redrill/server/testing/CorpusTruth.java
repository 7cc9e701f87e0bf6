package io.redrill.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a set of the corpus holds according to the server that wrote it, as the text that
/// [RdbContents] gives of a file.
///
/// Of a stream only the number of its entries and its last id are compared, of large strings and of
/// modules' values only that the key is there, and 0 and -0 are equal: a server keeps the sign or
/// not depending on its version and on the form of the set. Keys that had expired when the server
/// was asked are not in the truth, and are left out of what is compared with it.
///
/// @param keys `db/key` to expiry and value
public record CorpusTruth(Map<String, String> keys) {

  private static final String UNKNOWN = "?";

  /// Keys of the corpus expire within seconds or at this instant of 2099.
  private static final long LASTING = 4_102_444_800_000L;

  /// Redis 5 writes this one in a form that it cannot load.
  private static final String LOST_STREAM = "0/app:stream:empty-with-groups";

  /// Reads the ground truth of a set.
  public static CorpusTruth of(JsonNode truth) {
    Map<String, String> keys = new TreeMap<>();
    for (JsonNode key : truth.path("keys")) {
      String name = new String(blob(key.path("key")), StandardCharsets.ISO_8859_1);
      JsonNode expiry = key.path("expire_at_ms");
      keys.put(
          key.path("db").asInt() + "/" + name,
          (expiry.isNull() ? "-1" : expiry.asText()) + " " + describe(key));
    }
    return new CorpusTruth(keys);
  }

  /// The keys of a file, each as far as this truth knows it.
  public Map<String, String> described(RdbContents held) {
    Map<String, String> described = new TreeMap<>();
    held.keys()
        .forEach((name, text) -> {
          String expected = keys.getOrDefault(name, "");
          if (expected.isEmpty() && (hasExpired(text) || name.equals(LOST_STREAM))) {
            return;
          }
          String given = text.replace("=-0.0", "=0.0");
          int unknown = expected.indexOf(UNKNOWN);
          boolean prefix = unknown >= 0 && given.startsWith(expected.substring(0, unknown));
          described.put(name, prefix ? expected : given);
        });
    return described;
  }

  private static boolean hasExpired(String text) {
    long expiry = Long.parseLong(text.substring(0, text.indexOf(' ')));
    return expiry >= 0 && expiry < LASTING;
  }

  private static String describe(JsonNode key) {
    JsonNode value = key.path("value");
    return switch (key.path("type").asText()) {
      case "string" -> "string " + (isLarge(value) ? UNKNOWN : hex(value));
      case "list" -> {
        List<String> elements = new ArrayList<>();
        value.forEach(one -> elements.add(hex(one)));
        yield "list " + elements;
      }
      case "set" -> {
        List<String> members = new ArrayList<>();
        value.forEach(one -> members.add(hex(one)));
        members.sort(null);
        yield "set " + members;
      }
      case "zset" -> {
        List<String> members = new ArrayList<>();
        value.forEach(one -> members.add(hex(one.get(0)) + "=" + score(one.get(1).asText())));
        members.sort(null);
        yield "zset " + members;
      }
      case "hash" -> {
        List<String> fields = new ArrayList<>();
        value.forEach(one ->
            fields.add(
                hex(one.get(0))
                    + "="
                    + hex(one.get(1))
                    + "@"
                    + (one.get(2).isNull() ? "-1" : one.get(2).asText())));
        fields.sort(null);
        yield "hash " + fields;
      }
      case "stream" -> {
        String[] last = value.path("last_id").asText().split("-", -1);
        yield "stream %d Id[millis=%d, sequence=%d]%s"
            .formatted(
                value.path("length").asLong(),
                Long.parseUnsignedLong(last[0]),
                Long.parseUnsignedLong(last[1]),
                UNKNOWN);
      }
      default -> UNKNOWN;
    };
  }

  private static boolean isLarge(JsonNode blob) {
    return blob.has("sha256");
  }

  private static double score(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text) + 0.0;
    };
  }

  private static byte[] blob(JsonNode blob) {
    return blob.isTextual()
        ? blob.asText().getBytes(StandardCharsets.UTF_8)
        : Base64.getDecoder().decode(blob.path("b64").asText());
  }

  private static String hex(JsonNode blob) {
    return HexFormat.of().formatHex(blob(blob));
  }
}
