package io.redrill.proof;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Everything that a server holds, key by key, as a client sees it.
final class ServerContents {

  /// As many as servers have unless told otherwise.
  static final int DATABASES = 16;

  private static final int PAGE = 1_000;

  /// Fields of `XINFO STREAM FULL` that are lists of groups or consumers.
  private static final Set<String> NESTED_INFO = Set.of("groups", "consumers");

  /// Fields of `XINFO STREAM FULL` that are no part of the data set: how the server keeps a stream,
  /// and when a consumer was last heard of, which each replay of a log makes anew.
  private static final Set<String> UNSTORED_INFO =
      Set.of("radix-tree-keys", "radix-tree-nodes", "seen-time", "active-time");

  /// Fields that `XREADGROUP` changes without a word in the log.
  private static final Set<String> UNLOGGED_INFO = Set.of("entries-read", "lag");

  /// In the description of a consumer: one that owns nothing. `XREADGROUP` makes it without a word
  /// in the log, if it finds nothing for it.
  private static final String IDLE_CONSUMER = "pel-count=0 ";

  private ServerContents() {}

  /// What `DEBUG DIGEST-VALUE` says of each key, and when the key expires; by `db/key`.
  static Map<String, String> digests(RespConnection server, int databases) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    eachPage(
        server,
        databases,
        page -> {
          for (byte[] key : page.keys) {
            server.send(List.of(bytes("DEBUG"), bytes("DIGEST-VALUE"), key));
            server.send(List.of(bytes("PEXPIRETIME"), key));
          }
          for (byte[] key : page.keys) {
            digests.put(name(page.db, key), text(server.receive()) + " " + text(server.receive()));
          }
        });
    return digests;
  }

  /// What the reading commands of its type say of each key, and when the key expires; by `db/key`.
  static Map<String, String> values(RespConnection server, int databases) throws IOException {
    Map<String, String> values = new TreeMap<>();
    eachPage(
        server,
        databases,
        page -> {
          List<String> types = new ArrayList<>();
          page.keys.forEach(key -> send(server, bytes("TYPE"), key));
          for (byte[] _ : page.keys) {
            types.add(server.receive().asText());
          }
          for (int i = 0; i < page.keys.size(); i++) {
            read(types.get(i), page.keys.get(i)).forEach(command -> send(server, command));
          }
          for (int i = 0; i < page.keys.size(); i++) {
            StringBuilder value = new StringBuilder(types.get(i));
            for (byte[][] command : read(types.get(i), page.keys.get(i))) {
              value.append(' ').append(reply(command, server.receive()));
            }
            values.put(name(page.db, page.keys.get(i)), value.toString());
          }
        });
    return values;
  }

  private static List<byte[][]> read(String type, byte[] key) {
    byte[][] value =
        switch (type) {
          case "string" -> new byte[][] {bytes("GET"), key};
          case "list" -> new byte[][] {bytes("LRANGE"), key, bytes("0"), bytes("-1")};
          case "set" -> new byte[][] {bytes("SMEMBERS"), key};
          case "zset" ->
              new byte[][] {bytes("ZRANGE"), key, bytes("0"), bytes("-1"), bytes("WITHSCORES")};
          case "hash" -> new byte[][] {bytes("HGETALL"), key};
          case "stream" -> new byte[][] {bytes("XRANGE"), key, bytes("-"), bytes("+")};
          default -> throw new IllegalArgumentException("unknown type " + type);
        };
    List<byte[][]> commands =
        new ArrayList<>(List.of(value, new byte[][] {bytes("PEXPIRETIME"), key}));
    if (type.equals("stream")) {
      commands.add(streamInfo(key));
    }
    return commands;
  }

  /// A reply as text; sorted where the order means nothing.
  private static String reply(byte[][] command, RespReply reply) {
    String name = new String(command[0], StandardCharsets.UTF_8);
    if (name.equals("SMEMBERS")) {
      return items(reply).stream().map(ServerContents::text).sorted().toList().toString();
    }
    if (name.equals("HGETALL")) {
      List<RespReply> items = items(reply);
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < items.size(); i += 2) {
        fields.add(text(items.get(i)) + "=" + text(items.get(i + 1)));
      }
      fields.sort(null);
      return fields.toString();
    }
    if (name.equals("XINFO")) {
      return infoText(reply, false);
    }
    return text(reply);
  }

  /// What `XINFO STREAM FULL` says of each stream, by `db/key`.
  static Map<String, String> streams(RespConnection server) throws IOException {
    Map<String, String> streams = new TreeMap<>();
    eachPage(
        server,
        DATABASES,
        "stream:*",
        page -> {
          page.keys.forEach(key -> send(server, streamInfo(key)));
          for (byte[] key : page.keys) {
            streams.put(name(page.db, key), infoText(server.receive(), true));
          }
        });
    return streams;
  }

  private static byte[][] streamInfo(byte[] key) {
    return new byte[][] {
      bytes("XINFO"), bytes("STREAM"), key, bytes("FULL"), bytes("COUNT"), bytes("0")
    };
  }

  /// Names and values, of which some hold a list of the same.
  ///
  /// @param whole also what Redis 7.0 stores in an RDB and does not log
  private static String infoText(RespReply info, boolean whole) {
    StringBuilder text = new StringBuilder();
    List<RespReply> items = items(info);
    for (int i = 0; i < items.size(); i += 2) {
      String field = text(items.get(i));
      if (NESTED_INFO.contains(field)) {
        text.append(field)
            .append(
                items(items.get(i + 1)).stream()
                    .map(one -> infoText(one, whole))
                    .filter(
                        one -> whole || !(field.equals("consumers") && one.contains(IDLE_CONSUMER)))
                    .toList());
      } else if (!UNSTORED_INFO.contains(field) && (whole || !UNLOGGED_INFO.contains(field))) {
        text.append(field).append('=').append(text(items.get(i + 1))).append(' ');
      }
    }
    return text.toString();
  }

  /// The function libraries with their source, sorted.
  static List<String> functions(RespConnection server) throws IOException {
    List<String> libraries = new ArrayList<>();
    for (RespReply library : items(server.call("FUNCTION", "LIST", "WITHCODE"))) {
      Map<String, String> fields = new TreeMap<>();
      List<RespReply> items = items(library);
      for (int i = 0; i < items.size(); i += 2) {
        fields.put(text(items.get(i)), text(items.get(i + 1)));
      }
      // Which functions a library registers, only a server that runs it can tell.
      fields.remove("functions");
      libraries.add(fields.toString());
    }
    libraries.sort(null);
    return libraries;
  }

  /// The keys that match `pattern`, of all databases, by `db/key`.
  static List<String> keys(RespConnection server, String pattern) throws IOException {
    List<String> keys = new ArrayList<>();
    eachPage(
        server, DATABASES, pattern, page -> page.keys.forEach(key -> keys.add(name(page.db, key))));
    return keys;
  }

  private static List<RespReply> items(RespReply reply) {
    return ((RespReply.ArrayReply) reply).items();
  }

  private interface PageReader {
    void read(Page page) throws IOException;
  }

  private record Page(int db, List<byte[]> keys) {}

  private static void eachPage(RespConnection server, int databases, PageReader reader)
      throws IOException {
    eachPage(server, databases, "*", reader);
  }

  private static void eachPage(
      RespConnection server, int databases, String pattern, PageReader reader) throws IOException {
    for (int db = 0; db < databases; db++) {
      server.call("SELECT", String.valueOf(db));
      String cursor = "0";
      do {
        List<RespReply> reply =
            items(server.call("SCAN", cursor, "MATCH", pattern, "COUNT", String.valueOf(PAGE)));
        cursor = reply.get(0).asText();
        List<byte[]> keys = new ArrayList<>();
        for (RespReply key : items(reply.get(1))) {
          keys.add(key.asBytes());
        }
        reader.read(new Page(db, keys));
      } while (!cursor.equals("0"));
    }
  }

  private static void send(RespConnection server, byte[]... command) {
    try {
      server.send(List.of(command));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String name(int db, byte[] key) {
    return db + "/" + new String(key, StandardCharsets.ISO_8859_1);
  }

  private static String text(RespReply reply) {
    return switch (reply) {
      case RespReply.SimpleString(String status) -> status;
      case RespReply.ErrorReply(String error) -> "error " + error;
      case RespReply.IntegerReply(long value) -> String.valueOf(value);
      case RespReply.BulkString(byte[] value) -> new String(value, StandardCharsets.ISO_8859_1);
      case RespReply.NullReply() -> "null";
      case RespReply.ArrayReply(List<RespReply> items) ->
          items.stream().map(ServerContents::text).toList().toString();
      default -> throw new IllegalArgumentException("not a reply of version 2: " + reply);
    };
  }

  /// Loads what `commands` hands out, pipelined, and fails on the first error reply.
  static void load(RespConnection server, Consumer<Consumer<List<byte[]>>> commands)
      throws IOException {
    int[] pending = {0};
    commands.accept(command -> {
      try {
        server.send(command);
        if (++pending[0] == PAGE) {
          receive(server, pending);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    receive(server, pending);
  }

  private static void receive(RespConnection server, int[] pending) throws IOException {
    for (; pending[0] > 0; pending[0]--) {
      if (server.receive() instanceof RespReply.ErrorReply(String error)) {
        throw new IOException("while loading: " + error);
      }
    }
  }

  /// The words of a command as bytes.
  static List<byte[]> command(String... words) {
    return Arrays.stream(words).map(ServerContents::bytes).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
