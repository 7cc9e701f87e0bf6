package io.redrill.backup.recovery;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The function libraries that a running server has. Before 7.0 there are none.
final class TargetFunctions {

  private final RespConnection connection;

  TargetFunctions(RespConnection connection) {
    this.connection = connection;
  }

  /// Their names; empty where the server knows no functions.
  List<String> names() throws IOException {
    connection.send("FUNCTION", "LIST");
    RespReply reply = connection.receive();
    if (reply instanceof RespReply.ErrorReply(String text) && !text.startsWith("ERR unknown ")) {
      // Whoever may not ask does not know that there are none.
      throw new RespErrorException("FUNCTION LIST", text);
    }
    if (!(reply instanceof RespReply.ArrayReply(List<RespReply> libraries))) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (RespReply library : libraries) {
      List<RespReply> fields = library.asList();
      for (int i = 0; i + 1 < fields.size(); i += 2) {
        if (fields.get(i).asText().equals("library_name")) {
          names.add(fields.get(i + 1).asText());
        }
      }
    }
    return names;
  }

  /// Removes those that are not among `kept`, and returns how many.
  long removeAllBut(Set<String> kept) throws IOException {
    long removed = 0;
    for (String name : names()) {
      if (!kept.contains(name)) {
        connection.call("FUNCTION", "DELETE", name);
        removed++;
      }
    }
    return removed;
  }
}
