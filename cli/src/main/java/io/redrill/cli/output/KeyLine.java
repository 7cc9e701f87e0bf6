package io.redrill.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.stats.KeyMeasure;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// How a list shows a key.
public sealed interface KeyLine {

  /// What stands before all keys.
  String begin();

  /// Writes the key that `cursor` stands at.
  ///
  /// @param isSound whether `measure` has measured it; else its value is damaged
  void write(RdbCursor cursor, KeyMeasure measure, boolean isSound, ResultStream out)
      throws IOException;

  /// What stands after all keys.
  ///
  /// @param isComplete whether the whole file was listed
  String end(boolean isComplete);

  /// The time `millis` as text, or `-` for never.
  static String expiry(long millis) {
    return millis == RdbRecord.Entry.NO_EXPIRY ? "-" : Instant.ofEpochMilli(millis).toString();
  }

  /// The key and a line feed.
  final class Plain implements KeyLine {
    private final StringBuilder text = new StringBuilder();

    /// Begins.
    public Plain() {}

    @Override
    public String begin() {
      return "";
    }

    @Override
    public void write(RdbCursor cursor, KeyMeasure measure, boolean isSound, ResultStream out)
        throws IOException {
      text.setLength(0);
      KeyEscape.append(cursor.key(), text);
      out.text(text.append('\n'));
    }

    @Override
    public String end(boolean isComplete) {
      return "";
    }
  }

  /// The key's bytes and a zero.
  final class Raw implements KeyLine {
    /// Begins.
    public Raw() {}

    @Override
    public String begin() {
      return "";
    }

    @Override
    public void write(RdbCursor cursor, KeyMeasure measure, boolean isSound, ResultStream out)
        throws IOException {
      ByteSlice key = cursor.key();
      out.write(key.array(), key.offset(), key.length());
      out.write(0);
    }

    @Override
    public String end(boolean isComplete) {
      return "";
    }
  }

  /// Columns, the key last.
  final class Columns implements KeyLine {
    private static final String FORMAT = "%4s  %-9s  %-18s  %12s  %11s  %-24s  ";
    private final StringBuilder text = new StringBuilder();

    /// Begins.
    public Columns() {}

    @Override
    public String begin() {
      return FORMAT.formatted("DB", "TYPE", "ENCODING", "BYTES", "ELEMENTS", "EXPIRES") + "KEY\n";
    }

    @Override
    public void write(RdbCursor cursor, KeyMeasure measure, boolean isSound, ResultStream out)
        throws IOException {
      text.setLength(0);
      text.append(
          FORMAT.formatted(
              cursor.db(),
              isSound ? measure.kind().redisName() : cursor.type().kind().redisName(),
              cursor.type(),
              isSound ? measure.storedBytes() : "damaged",
              isSound ? measure.elements() : "damaged",
              expiry(cursor.expireAtMillis())));
      KeyEscape.append(cursor.key(), text);
      out.text(text.append('\n'));
    }

    @Override
    public String end(boolean isComplete) {
      return "";
    }
  }

  /// One document: `keys`, and whether they are `complete`.
  final class Json implements KeyLine {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private boolean isFirst = true;

    /// Begins.
    public Json() {}

    @Override
    public String begin() {
      return "{\"keys\":[";
    }

    @Override
    public void write(RdbCursor cursor, KeyMeasure measure, boolean isSound, ResultStream out)
        throws IOException {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("db", cursor.db());
      key(tree, cursor.key().toByteArray());
      tree.put("type", (isSound ? measure.kind() : cursor.type().kind()).redisName());
      tree.put("encoding", cursor.type().name());
      if (isSound) {
        tree.put("bytes", measure.storedBytes());
        tree.put("elements", measure.elements());
      } else {
        tree.put("damaged", true);
      }
      if (cursor.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
        tree.put("expiresAtMillis", cursor.expireAtMillis());
      }
      out.text(isFirst ? "\n" : ",\n");
      isFirst = false;
      out.text(json(tree));
    }

    /// Adds `key` to `tree`: as `rdb ls` prints it and, where that has escapes, its bytes as well.
    public static void key(Map<String, Object> tree, byte[] key) {
      String text = KeyEscape.of(key);
      tree.put("key", text);
      if (text.indexOf('\\') >= 0) {
        tree.put("keyBase64", Base64.getEncoder().encodeToString(key));
      }
    }

    private static String json(Map<String, Object> tree) {
      try {
        return MAPPER.writeValueAsString(tree);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("not a tree of plain values", e);
      }
    }

    @Override
    public String end(boolean isComplete) {
      return "\n],\"complete\":" + isComplete + "}\n";
    }
  }
}
