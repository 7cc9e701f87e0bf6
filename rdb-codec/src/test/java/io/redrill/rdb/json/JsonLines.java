package io.redrill.rdb.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Files as JSON lines, read back by another implementation of JSON.
final class JsonLines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLines() {}

  static List<JsonNode> of(byte[] rdb, boolean withAux) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(rdb, withAux, out);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  static void write(byte[] rdb, boolean withAux, OutputStream out) throws IOException {
    RdbCursor cursor = new RdbCursor(ByteInput.of(rdb, "test"));
    RdbJson json = new RdbJson(out);
    try {
      json.begin(cursor.header());
      while (true) {
        switch (cursor.next()) {
          case KEY -> json.key(cursor);
          case RECORD -> record(cursor.record(), withAux, json);
          case END -> {
            json.end();
            return;
          }
        }
      }
    } finally {
      json.flush();
    }
  }

  private static void record(RdbRecord record, boolean withAux, RdbJson json) throws IOException {
    if (record instanceof RdbRecord.FunctionLibrary(byte[] source)) {
      json.function(source);
    } else if (withAux && record instanceof RdbRecord.Aux(byte[] name, byte[] value)) {
      json.aux(name, value);
    }
  }
}
