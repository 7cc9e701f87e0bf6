package io.redrill.backup;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;

/// Short questions to real servers.
final class Servers {

  private Servers() {}

  /// One command on a connection of its own; its reply as text.
  static String call(RealRedis server, String... command) throws IOException {
    try (RespConnection connection = server.connect()) {
      return switch (connection.call(command)) {
        case RespReply.IntegerReply(long number) -> String.valueOf(number);
        case RespReply other -> other.asText();
      };
    }
  }

  /// A field of `INFO`.
  static String field(RealRedis server, String section, String field) throws IOException {
    try (RespConnection connection = server.connect()) {
      return field(connection, section, field);
    }
  }

  /// A field of `INFO`.
  static String field(RespConnection connection, String section, String field) throws IOException {
    return connection
        .call("INFO", section)
        .asText()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1))
        .findFirst()
        .orElse("");
  }

  /// Its process, whose children are those that save and rewrite.
  static ProcessHandle process(RealRedis server) throws IOException {
    return ProcessHandle.of(Long.parseLong(field(server, "server", "process_id"))).orElseThrow();
  }

  /// How many full synchronisations a server has given.
  static int fullSyncs(RealRedis server) throws IOException {
    return Integer.parseInt(field(server, "stats", "sync_full"));
  }
}
