package io.redrill.rdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.OpaqueValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// What a server said about the keys of a file, and the same said about what the codec read: as
/// lines of text by database and key, so that a difference reads well.
final class Truth {

  private static final int LONGEST_VERBATIM = 65536;

  private Truth() {}

  /// The lines that `json` tells.
  static Map<String, String> of(JsonNode json) {
    Map<String, String> lines = new TreeMap<>();
    for (JsonNode key : json.get("keys")) {
      String type = key.get("type").asText();
      lines.put(
          key.get("db").asInt() + " " + blob(key.get("key")),
          "expires " + millis(key.get("expire_at_ms")) + " " + value(type, key.get("value")));
    }
    return lines;
  }

  /// The lines that `json` tells.
  static Map<String, String> of(Path json) throws IOException {
    return of(new ObjectMapper().readTree(json.toFile()));
  }

  /// The lines about the entries among `records`; what the server could not know is left out in
  /// both.
  static Map<String, String> of(Collection<RdbRecord> records) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    for (RdbRecord record : records) {
      if (record instanceof RdbRecord.Entry entry) {
        lines.put(
            entry.db() + " " + blob(entry.key()),
            "expires "
                + entry.expireAtMillis()
                + " "
                + value(RdbValues.decode(entry), entry.type()));
      }
    }
    return lines;
  }

  /// Where `actual` differs from `expected`: the key, and both lines from shortly before the first
  /// differing character on.
  static List<String> differences(Map<String, String> actual, Map<String, String> expected) {
    TreeSet<String> keys = new TreeSet<>(actual.keySet());
    keys.addAll(expected.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(actual.get(key), expected.get(key)))
        .map(key -> key + difference(actual.get(key), expected.get(key)))
        .toList();
  }

  private static String difference(@Nullable String actual, @Nullable String expected) {
    String left = String.valueOf(actual);
    String right = String.valueOf(expected);
    int at = 0;
    while (at < left.length() && at < right.length() && left.charAt(at) == right.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - 40);
    return " is ..." + part(left, from) + "... and should be ..." + part(right, from) + "...";
  }

  private static String part(String text, int from) {
    return text.substring(from, Math.min(text.length(), from + 120));
  }

  private static String value(String type, JsonNode value) {
    return switch (type) {
      case "string" -> "string " + blob(value);
      case "list" -> "list " + blobs(value);
      case "set" -> "set " + blobs(value).stream().sorted().toList();
      case "zset" ->
          "zset "
              + list(value).stream()
                  .map(pair -> blob(pair.get(0)) + "=" + score(pair.get(1).asText()))
                  .sorted()
                  .toList();
      case "hash" ->
          "hash "
              + list(value).stream()
                  .map(f -> blob(f.get(0)) + "=" + blob(f.get(1)) + "@" + millis(f.get(2)))
                  .sorted()
                  .toList();
      case "stream" -> stream(value);
      default -> "module";
    };
  }

  private static String value(RdbValue value, RdbType type) {
    return switch (value) {
      case StringValue string -> "string " + blob(string.bytes());
      case ListValue list -> "list " + list.elements().stream().map(Truth::blob).toList();
      case SetValue set -> "set " + set.members().stream().map(Truth::blob).sorted().toList();
      case SortedSetValue sortedSet ->
          "zset "
              + sortedSet.members().stream()
                  .map(m -> blob(m.member()) + "=" + (m.score() + 0.0))
                  .sorted()
                  .toList();
      case HashValue hash ->
          "hash "
              + hash.fields().stream()
                  .map(f -> blob(f.field()) + "=" + blob(f.value()) + "@" + f.expireAtMillis())
                  .sorted()
                  .toList();
      case StreamValue stream -> stream(stream, type);
      case ModuleValue _, ArrayValue _, VectorSetValue _, OpaqueValue _ -> "module";
    };
  }

  private static String stream(JsonNode value) {
    StringBuilder text = new StringBuilder("stream ");
    text.append(value.get("length")).append(' ').append(value.get("last_id").asText());
    text.append(' ').append(known(value.get("entries_added")));
    text.append(' ').append(known(value.get("max_deleted_id")));
    text.append(' ').append(known(value.get("first_id"))).append('\n');
    for (JsonNode entry : value.get("entries")) {
      text.append(entry.get(0).asText());
      for (JsonNode pair : entry.get(1)) {
        text.append(' ').append(blob(pair.get(0))).append('=').append(blob(pair.get(1)));
      }
      text.append('\n');
    }
    List<String> groups = new ArrayList<>();
    for (JsonNode group : value.get("groups")) {
      groups.add(group(group));
    }
    return text + String.join("", groups.stream().sorted().toList());
  }

  private static String group(JsonNode group) {
    StringBuilder text = new StringBuilder();
    text.append("group ").append(blob(group.get("name")));
    text.append(' ').append(group.get("last_delivered_id").asText()).append(' ');
    text.append(
        group.get("entries_read").isNull() && group.get("entries_read_known").asBoolean()
            ? "-1"
            : known(group.get("entries_read")));
    List<String> pending = new ArrayList<>();
    for (JsonNode p : group.get("pel")) {
      pending.add(
          "%s %s %s %s"
              .formatted(p.get(0).asText(), blob(p.get(1)), p.get(2).asText(), p.get(3).asText()));
    }
    text.append(" pending ").append(pending).append('\n');
    for (JsonNode consumer : group.get("consumers")) {
      text.append("consumer ").append(blob(consumer.get("name")));
      text.append(' ').append(known(consumer.get("seen_time_ms")));
      text.append(' ').append(known(consumer.get("active_time_ms"))).append('\n');
    }
    return text.toString();
  }

  private static String stream(StreamValue stream, RdbType type) {
    boolean hasCounts = type != RdbType.STREAM_LISTPACKS;
    boolean hasActive = type.streamVersion() >= 3;
    StringBuilder text = new StringBuilder("stream ");
    text.append(stream.length()).append(' ').append(id(stream.lastId()));
    text.append(' ').append(hasCounts ? stream.entriesAdded() : "?");
    text.append(' ').append(hasCounts ? id(stream.maxDeletedId()) : "?");
    text.append(' ').append(hasCounts ? id(stream.firstId()) : "?").append('\n');
    for (StreamValue.Entry entry : stream.entries()) {
      text.append(id(entry.id()));
      for (int i = 0; i < entry.fieldsAndValues().size(); i += 2) {
        text.append(' ').append(blob(entry.fieldsAndValues().get(i)));
        text.append('=').append(blob(entry.fieldsAndValues().get(i + 1)));
      }
      text.append('\n');
    }
    return text
        + stream.groups().stream()
            .map(group -> group(group, hasCounts, hasActive))
            .sorted()
            .collect(Collectors.joining());
  }

  private static String group(StreamValue.Group group, boolean hasCounts, boolean hasActive) {
    StringBuilder text = new StringBuilder();
    text.append("group ").append(blob(group.name()));
    text.append(' ').append(id(group.lastDeliveredId())).append(' ');
    text.append(hasCounts ? group.entriesRead() : "?");
    text.append(" pending ").append(pending(group)).append('\n');
    for (StreamValue.Consumer consumer : group.consumers()) {
      text.append("consumer ").append(blob(consumer.name()));
      text.append(' ').append(consumer.seenAtMillis());
      text.append(' ').append(hasActive ? consumer.activeAtMillis() : "?").append('\n');
    }
    return text.toString();
  }

  private static List<String> pending(StreamValue.Group group) {
    Map<StreamValue.Id, String> owners =
        new TreeMap<>(
            Comparator.comparingLong(StreamValue.Id::millis)
                .thenComparingLong(StreamValue.Id::sequence));
    for (StreamValue.Consumer consumer : group.consumers()) {
      consumer.pending().forEach(id -> owners.put(id, blob(consumer.name())));
    }
    return group.pending().stream()
        .map(p ->
            "%s %s %d %d"
                .formatted(
                    id(p.id()), owners.get(p.id()), p.deliveredAtMillis(), p.deliveryCount()))
        .toList();
  }

  private static String id(StreamValue.Id id) {
    return Long.toUnsignedString(id.millis()) + "-" + Long.toUnsignedString(id.sequence());
  }

  private static String known(JsonNode value) {
    return value.isNull() ? "?" : value.asText();
  }

  private static String millis(JsonNode value) {
    return value.isNull() ? "-1" : value.asText();
  }

  private static double score(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text) + 0.0;
    };
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(((ArrayNode) array).spliterator(), false).toList();
  }

  private static List<String> blobs(JsonNode array) {
    return list(array).stream().map(Truth::blob).toList();
  }

  private static String blob(JsonNode blob) {
    if (blob.has("sha256")) {
      return blob.get("len").asText() + " bytes " + blob.get("sha256").asText();
    }
    return blob.has("b64")
        ? blob(Base64.getDecoder().decode(blob.get("b64").asText()))
        : blob(blob.asText().getBytes(StandardCharsets.UTF_8));
  }

  private static String blob(byte[] bytes) {
    if (bytes.length <= LONGEST_VERBATIM) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
          ? text
          : HexFormat.of().formatHex(bytes);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + " bytes " + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
