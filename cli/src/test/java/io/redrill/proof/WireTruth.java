package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What the truth of a corpus file says of each key, and what a server answers about it, as the
/// same text. When fields of hashes expire is apart ([#fieldExpiries]): not every server knows
/// that.
final class WireTruth {

  private static final int LONGEST_VERBATIM = 65536;

  /// Keys of the corpus expired seconds after they were written, or will in 2038 or later.
  private static final long LASTING = 2_000_000_000_000L;

  private WireTruth() {}

  /// The truth beside the corpus file `rdb`.
  static JsonNode read(Path rdb) throws IOException {
    return new ObjectMapper().readTree(Path.of(rdb.toString().replace(".rdb", ".json")).toFile());
  }

  /// The keys of `truth`, by `db/key` in hexadecimal, without those that have expired.
  static Map<String, String> of(JsonNode truth) {
    return of(truth, /* fieldsExpire= */ false);
  }

  /// As above, and without the fields that have expired, and hashes without others, for servers
  /// where fields do.
  static Map<String, String> of(JsonNode truth, boolean fieldsExpire) {
    Map<String, String> keys = new TreeMap<>();
    for (JsonNode key : truth.path("keys")) {
      long expiry = key.path("expire_at_ms").isNull() ? -1 : key.path("expire_at_ms").asLong();
      String described = describe(key, fieldsExpire);
      if ((expiry < 0 || expiry >= LASTING) && !described.equals("hash []")) {
        keys.put(name(key), expiry + " " + described);
      }
    }
    return keys;
  }

  /// What is said of a key with its expiry in whole seconds, of which servers before 7.0 can be
  /// asked only what is left.
  static String inSeconds(String described) {
    int end = described.indexOf(' ');
    long expiry = Long.parseLong(described.substring(0, end));
    return (expiry < 0 ? expiry : Math.round(expiry / 1000.0) * 1000) + described.substring(end);
  }

  private static String name(JsonNode key) {
    return key.path("db").asInt() + "/" + blob(key.path("key"));
  }

  private static boolean isLasting(JsonNode field) {
    return !field.hasNonNull(2) || field.get(2).asLong() >= LASTING;
  }

  /// When fields expire, by `db/key/field`.
  static Map<String, Long> fieldExpiries(JsonNode truth) {
    Map<String, Long> expiries = new TreeMap<>();
    for (JsonNode key : truth.path("keys")) {
      if (key.path("type").asText().equals("hash")) {
        for (JsonNode field : key.path("value")) {
          if (field.hasNonNull(2) && isLasting(field)) {
            expiries.put(name(key) + "/" + blob(field.get(0)), field.get(2).asLong());
          }
        }
      }
    }
    return expiries;
  }

  /// As above, of the fields that `server` holds in its first `databases` databases.
  static Map<String, Long> fieldExpiries(RespConnection server, int databases) throws IOException {
    Map<String, Long> expiries = new TreeMap<>();
    for (int db = 0; db < databases; db++) {
      server.call("SELECT", String.valueOf(db));
      for (RespReply key : items(call(server, "KEYS", bytes("*")))) {
        byte[] name = key.asBytes();
        if (!call(server, "TYPE", name).asText().equals("hash")) {
          continue;
        }
        for (RespReply field : items(call(server, "HKEYS", name))) {
          RespReply reply =
              call(server, "HPEXPIRETIME", name, bytes("FIELDS"), bytes("1"), field.asBytes());
          long expiry = number(items(reply).getFirst());
          if (expiry >= 0) {
            expiries.put(db + "/" + blob(name) + "/" + blob(field.asBytes()), expiry);
          }
        }
      }
    }
    return expiries;
  }

  private static String describe(JsonNode key, boolean fieldsExpire) {
    JsonNode value = key.path("value");
    List<String> parts = new ArrayList<>();
    String type = key.path("type").asText();
    switch (type) {
      case "string" -> parts.add(blob(value));
      case "list", "set" -> value.forEach(one -> parts.add(blob(one)));
      case "zset" ->
          value.forEach(one -> parts.add(blob(one.get(0)) + "=" + score(one.get(1).asText())));
      case "hash" ->
          value.forEach(one -> {
            if (!fieldsExpire || isLasting(one)) {
              parts.add(blob(one.get(0)) + "=" + blob(one.get(1)));
            }
          });
      case "stream" -> {
        value
            .path("entries")
            .forEach(entry -> {
              StringBuilder text = new StringBuilder(entry.get(0).asText());
              entry
                  .get(1)
                  .forEach(pair ->
                      text.append(' ')
                          .append(blob(pair.get(0)))
                          .append(' ')
                          .append(blob(pair.get(1))));
              parts.add(text.toString());
            });
        parts.add("last " + value.path("last_id").asText());
        value
            .path("groups")
            .forEach(group ->
                parts.add(
                    "group %s %s %d"
                        .formatted(
                            blob(group.path("name")),
                            group.path("last_delivered_id").asText(),
                            group.path("pel").size())));
      }
      default -> parts.add("opaque");
    }
    return text(type, parts);
  }

  private static String text(String type, List<String> parts) {
    if (!type.equals("list")) {
      parts.sort(null);
    }
    return type + " " + parts;
  }

  /// The keys that `server` holds in its first `databases` databases, in the same form.
  static Map<String, String> of(RespConnection server, int databases) throws IOException {
    Map<String, String> keys = new TreeMap<>();
    for (int db = 0; db < databases; db++) {
      server.call("SELECT", String.valueOf(db));
      for (RespReply key : items(call(server, "KEYS", bytes("*")))) {
        byte[] name = key.asBytes();
        String described = describe(server, name);
        // Redis 8.0 removes a hash of which all fields have expired only some time after it.
        if (!described.equals("hash []")) {
          keys.put(db + "/" + blob(name), expiry(server, name) + " " + described);
        }
      }
    }
    return keys;
  }

  /// What `server` holds once it has loaded its `dump.rdb`, in the same form: in the databases that
  /// servers have unless told otherwise, and all others in which `truth` has keys.
  static Map<String, String> ofReloaded(RespConnection server, JsonNode truth) throws IOException {
    assertThat(server.call("DEBUG", "RELOAD", "NOSAVE").asText()).isEqualTo("OK");
    return of(server, databases(truth));
  }

  /// As many databases as servers have unless told otherwise, or as it takes for all keys.
  static int databases(JsonNode truth) {
    int databases = ServerContents.DATABASES;
    for (JsonNode key : truth.path("keys")) {
      databases = Math.max(databases, key.path("db").asInt() + 1);
    }
    return databases;
  }

  /// When `key` expires; before 7.0 in whole seconds ([#inSeconds]).
  private static long expiry(RespConnection server, byte[] key) throws IOException {
    if (call(server, "PEXPIRETIME", key) instanceof RespReply.IntegerReply(long millis)) {
      return millis;
    }
    long left = number(call(server, "PTTL", key));
    return left < 0 ? left : Math.round((System.currentTimeMillis() + left) / 1000.0) * 1000;
  }

  private static String describe(RespConnection server, byte[] key) throws IOException {
    String type = call(server, "TYPE", key).asText();
    List<String> parts = new ArrayList<>();
    switch (type) {
      case "string" -> parts.add(blob(call(server, "GET", key).asBytes()));
      case "list" -> parts.addAll(blobs(call(server, "LRANGE", key, bytes("0"), bytes("-1"))));
      case "set" -> parts.addAll(blobs(call(server, "SMEMBERS", key)));
      case "zset" -> {
        List<RespReply> items =
            items(call(server, "ZRANGE", key, bytes("0"), bytes("-1"), bytes("WITHSCORES")));
        for (int i = 0; i < items.size(); i += 2) {
          parts.add(blob(items.get(i).asBytes()) + "=" + score(items.get(i + 1).asText()));
        }
      }
      case "hash" -> {
        List<String> items = blobs(call(server, "HGETALL", key));
        for (int i = 0; i < items.size(); i += 2) {
          parts.add(items.get(i) + "=" + items.get(i + 1));
        }
      }
      case "stream" -> stream(server, key, parts);
      default -> parts.add("opaque");
    }
    return text(type, parts);
  }

  private static void stream(RespConnection server, byte[] key, List<String> parts)
      throws IOException {
    for (RespReply entry : items(call(server, "XRANGE", key, bytes("-"), bytes("+")))) {
      parts.add(
          items(entry).get(0).asText()
              + blobs(items(entry).get(1)).stream()
                  .map(text -> " " + text)
                  .reduce("", String::concat));
    }
    Map<String, RespReply> info = fields(call(server, "XINFO", bytes("STREAM"), key));
    parts.add("last " + field(info, "last-generated-id").asText());
    for (RespReply group : items(call(server, "XINFO", bytes("GROUPS"), key))) {
      Map<String, RespReply> fields = fields(group);
      parts.add(
          "group %s %s %d"
              .formatted(
                  blob(field(fields, "name").asBytes()),
                  field(fields, "last-delivered-id").asText(),
                  number(field(fields, "pending"))));
    }
  }

  private static Map<String, RespReply> fields(RespReply reply) throws IOException {
    Map<String, RespReply> fields = new TreeMap<>();
    List<RespReply> items = items(reply);
    for (int i = 0; i < items.size(); i += 2) {
      fields.put(items.get(i).asText(), items.get(i + 1));
    }
    return fields;
  }

  private static long number(RespReply reply) {
    return ((RespReply.IntegerReply) reply).value();
  }

  private static RespReply field(Map<String, RespReply> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static RespReply call(RespConnection server, String command, byte[]... arguments)
      throws IOException {
    List<byte[]> words = new ArrayList<>(List.of(bytes(command)));
    words.addAll(Arrays.asList(arguments));
    server.send(words);
    return server.receive();
  }

  private static List<RespReply> items(RespReply reply) {
    return ((RespReply.ArrayReply) reply).items();
  }

  private static List<String> blobs(RespReply reply) throws IOException {
    List<String> blobs = new ArrayList<>();
    for (RespReply item : items(reply)) {
      blobs.add(blob(item.asBytes()));
    }
    return blobs;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static double score(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text) + 0.0;
    };
  }

  private static String blob(JsonNode blob) {
    if (blob.has("sha256")) {
      return blob.path("len").asText() + ":" + blob.path("sha256").asText();
    }
    return blob(
        blob.isTextual()
            ? bytes(blob.asText())
            : Base64.getDecoder().decode(blob.path("b64").asText()));
  }

  private static String blob(byte[] bytes) {
    if (bytes.length <= LONGEST_VERBATIM) {
      return HexFormat.of().formatHex(bytes);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + ":" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
