package io.redrill.rdb.json;

import static io.redrill.rdb.json.JsonText.bytes;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Writes an RDB as JSON lines in UTF-8: first [#begin], then a line for each key (and for what
/// else is asked for), last [#end], which says that nothing is missing. `docs/formats/rdb-json.md`
/// describes the lines.
///
/// A value is written while it is walked, so that beside what the cursor holds of it there is only
/// a buffer of 256 KiB. Writing may block as the output does, which stays the caller's to close.
/// Not safe for use by several threads.
public final class RdbJson {

  /// The name and version of the format, as it stands in the first line.
  public static final String FORMAT = "redrill-rdb-json 1";

  private static final byte[] DB = bytes("{\"db\":");
  private static final byte[] KEY = bytes(",\"key\":");
  private static final byte[] EXPIRY = bytes(",\"expire_at_ms\":");
  private static final byte[] IDLE = bytes(",\"idle_s\":");
  private static final byte[] FREQUENCY = bytes(",\"freq\":");
  private static final byte[] LINE_END = bytes("}");

  private static final Map<RdbType, byte[]> TYPES = new EnumMap<>(RdbType.class);
  private static final Map<RdbType, byte[]> ENCODINGS = new EnumMap<>(RdbType.class);

  static {
    for (RdbType type : RdbType.values()) {
      String encoding = "\"encoding\":\"%s\"".formatted(type.name().toLowerCase(Locale.ROOT));
      ENCODINGS.put(type, bytes("," + encoding + ",\"value\":"));
      TYPES.put(type, bytes(",\"type\":\"%s\"".formatted(type.kind().redisName())));
    }
  }

  private final JsonText text;
  private final JsonValue value;
  private long keys;
  private long functions;

  /// Writes to `out`, in large pieces.
  public RdbJson(OutputStream out) {
    this.text = new JsonText(out);
    this.value = new JsonValue(text);
  }

  /// Writes the first line.
  ///
  /// @throws IOException if the output fails
  public void begin(RdbHeader header) throws IOException {
    line(() ->
        text.raw(
            bytes(
                "{\"format\":\"%s\",\"dialect\":\"%s\",\"rdb_version\":%d}"
                    .formatted(
                        FORMAT,
                        header.dialect().name().toLowerCase(Locale.ROOT),
                        header.version()))));
  }

  /// Writes the key that `cursor` is at.
  ///
  /// @throws FormatException if its value is damaged or too large: of its line, what has not gone
  ///   to the output is taken back
  /// @throws IOException if the input or the output fails
  public void key(RdbCursor cursor) throws IOException {
    try {
      text.raw(DB);
      text.integer(cursor.db());
      text.raw(KEY);
      text.blob(cursor.key());
      if (cursor.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
        text.raw(EXPIRY);
        text.integer(cursor.expireAtMillis());
      }
      if (cursor.idleSeconds() >= 0) {
        text.raw(IDLE);
        text.integer(cursor.idleSeconds());
      }
      if (cursor.frequency() >= 0) {
        text.raw(FREQUENCY);
        text.integer(cursor.frequency());
      }
      RdbType type = cursor.type();
      if (type.kind() != RdbKind.MODULE) {
        text.raw(Objects.requireNonNull(TYPES.get(type)));
      }
      value.begin(type.kind(), Objects.requireNonNull(ENCODINGS.get(type)));
      cursor.walk(value);
      value.end();
      text.raw(LINE_END);
      text.endLine();
      keys++;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (FormatException e) {
      text.discardLine();
      throw e;
    }
  }

  /// Writes a library of functions.
  ///
  /// @throws IOException if the output fails
  public void function(byte[] source) throws IOException {
    line(() -> {
      text.raw(bytes("{\"function\":{\"code\":"));
      text.blob(source, 0, source.length);
      text.raw(bytes("}}"));
    });
    functions++;
  }

  /// Writes an aux field of the file.
  ///
  /// @throws IOException if the output fails
  public void aux(byte[] name, byte[] content) throws IOException {
    line(() -> {
      text.raw(bytes("{\"aux\":{\"name\":"));
      text.blob(name, 0, name.length);
      text.raw(bytes(",\"value\":"));
      text.blob(content, 0, content.length);
      text.raw(bytes("}}"));
    });
  }

  /// Writes the last line, after the whole RDB was read and found sound.
  ///
  /// @throws IOException if the output fails
  public void end() throws IOException {
    line(() ->
        text.raw(bytes("{\"end\":{\"keys\":%d,\"functions\":%d}}".formatted(keys, functions))));
    flush();
  }

  /// Hands the output all that was written so far; without a call, up to a buffer may be missing.
  ///
  /// @throws IOException if the output fails
  public void flush() throws IOException {
    try {
      text.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void line(Runnable content) throws IOException {
    try {
      content.run();
      text.endLine();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
