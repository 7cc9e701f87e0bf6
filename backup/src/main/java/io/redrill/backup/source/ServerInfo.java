package io.redrill.backup.source;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a server says about itself: `INFO` and `CONFIG GET`.
public final class ServerInfo {

  private final Map<String, String> fields = new HashMap<>();

  private ServerInfo() {}

  /// Asks for the named sections, or for the default ones.
  public static ServerInfo ask(RespConnection connection, String... sections) throws IOException {
    ServerInfo info = new ServerInfo();
    if (sections.length == 0) {
      info.add(connection.call("INFO").asText());
    }
    for (String section : sections) {
      info.add(connection.call("INFO", section).asText());
    }
    return info;
  }

  private void add(String text) {
    text.lines().filter(line -> !line.startsWith("#")).forEach(this::addLine);
  }

  private void addLine(String line) {
    int colon = line.indexOf(':');
    if (colon > 0) {
      fields.put(line.substring(0, colon), line.substring(colon + 1));
    }
  }

  /// The value of a field.
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /// The value of a field, as a whole number; `otherwise` where it is missing or none.
  public long number(String name, long otherwise) {
    try {
      return Long.parseLong(fields.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /// Whether some database has keys; needs the section `keyspace`.
  public boolean holdsKeys() {
    return fields.keySet().stream().anyMatch(name -> name.matches("db[0-9]+"));
  }

  /// Nothing, if the server stands for itself; needs the section `server`.
  ///
  /// @throws RedrillException with [ErrorCode#CLUSTER_NODE] if it is a node of a cluster
  public void requireStandalone(String location) {
    if (field("redis_mode").or(() -> field("server_mode")).filter("cluster"::equals).isPresent()) {
      throw new RedrillException(ErrorCode.CLUSTER_NODE, "server", location);
    }
  }

  /// Product and version; `redis` for everything that does not call itself otherwise.
  public Manifest.Server server() {
    Optional<String> valkey = field("valkey_version");
    if (valkey.isPresent()) {
      return new Manifest.Server("valkey", valkey.get());
    }
    String product = field("server_name").filter(name -> !name.isEmpty()).orElse("redis");
    return new Manifest.Server(product, field("redis_version").orElse(""));
  }

  /// The value of a setting.
  ///
  /// @throws IOException if the server refuses the question
  public static Optional<String> setting(RespConnection connection, String name)
      throws IOException {
    List<RespReply> reply = connection.call("CONFIG", "GET", name).asList();
    return reply.size() == 2 ? Optional.of(reply.get(1).asText()) : Optional.empty();
  }
}
