package io.redrill.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.redrill.aof.AofCursor;
import io.redrill.aof.AofRecord;
import io.redrill.aof.ArgumentVisitor;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyEscape;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// Records of a log as JSON, one a line. Fields are only ever added.
///
/// | field | |
/// |---|---|
/// | `file`, `offset`, `length` | where the record stands, in bytes |
/// | `record` | `command`, `time`, `database`, `position`, `length`, `annotation`, `rdb`, `key` (of an RDB) or `end` |
/// | `time` | when it was written at the earliest: the last time mark before it |
/// | `db`, `command`, `key`, `keys`, `arguments`, `transaction` | of a command |
/// | `replicationId`, `replicationOffset` | where in the primary's stream it ends, in a followed log |
/// | `values` | all arguments, if they are asked for; `{"text", "length"}` for the beginning of a long one |
///
/// Text is escaped as `rdb ls` prints keys; where that changes a key, `keyBase64` has its bytes.
public final class LogLines implements Closeable {

  private final boolean withValues;
  private final JsonGenerator json;

  /// Writes to `out`, which stays open.
  ///
  /// @param withValues whether to write all arguments of a command
  public LogLines(ResultStream out, boolean withValues) throws IOException {
    this.withValues = withValues;
    this.json = new JsonFactory().createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  /// Writes the command at hand of `log`, and completes it. Of one that the log does not hold to
  /// its end, `complete` is false.
  public void command(String file, AofCursor log) throws IOException {
    LoggedCommand command = new LoggedCommand(Optional.empty());
    command.begin(log);
    beginCommand(file, log);
    boolean isComplete;
    if (withValues) {
      json.writeArrayFieldStart("values");
      ArgumentVisitor values = this::value;
      isComplete =
          log.visit((index, start, lengthBytes) -> {
            command.argument(index, start, lengthBytes);
            values.argument(index, start, lengthBytes);
          });
      json.writeEndArray();
    } else {
      isComplete = log.visit(command);
    }
    endCommand(log, command, isComplete);
  }

  /// Writes the command at hand of `log`, whose arguments `command` has been shown.
  public void command(String file, AofCursor log, LoggedCommand command) throws IOException {
    beginCommand(file, log);
    endCommand(log, command, true);
  }

  private void beginCommand(String file, AofCursor log) throws IOException {
    begin(file, log.offset(), "command");
    time(log.time());
    json.writeNumberField("db", log.db());
    json.writeStringField("command", LoggedCommand.name(log));
    if (log.isInTransaction()) {
      json.writeBooleanField("transaction", true);
    }
  }

  private void endCommand(AofCursor log, LoggedCommand command, boolean isComplete)
      throws IOException {
    if (command.key().isPresent()) {
      key(command.key().get());
    }
    if (command.keys() > 1) {
      json.writeNumberField("keys", command.keys());
    }
    json.writeNumberField("arguments", log.argumentCount());
    if (isComplete) {
      json.writeNumberField("length", log.length());
      if (log.replicationId().isPresent()) {
        json.writeNumberField("replicationOffset", log.streamOffset());
      }
    } else {
      json.writeBooleanField("complete", false);
    }
    endLine();
  }

  private void value(int index, ByteSlice start, long lengthBytes) throws IOException {
    if (start.length() == lengthBytes) {
      json.writeString(KeyEscape.of(start));
    } else {
      json.writeStartObject();
      json.writeStringField("text", KeyEscape.of(start));
      json.writeNumberField("length", lengthBytes);
      json.writeEndObject();
    }
  }

  /// Writes a record that is no command, which `log` stands at.
  public void note(String file, AofCursor.Step step, AofCursor log) throws IOException {
    switch (step) {
      case TIME_MARK -> {
        begin(file, log.offset(), "time");
        time(log.time());
      }
      case DATABASE_MARK -> {
        begin(file, log.offset(), "database");
        json.writeNumberField("db", log.db());
      }
      case POSITION_MARK -> {
        begin(file, log.offset(), "position");
        json.writeStringField("replicationId", log.replicationId().orElse(""));
        json.writeNumberField("replicationOffset", log.streamOffset());
      }
      case LENGTH_MARK -> begin(file, log.offset(), "length");
      case ANNOTATION -> {
        begin(file, log.offset(), "annotation");
        json.writeStringField("text", log.annotation());
      }
      case COMMAND, END -> throw new IllegalArgumentException("no note: " + step);
    }
    json.writeNumberField("length", log.length());
    endLine();
  }

  /// Writes that an RDB of so many bytes and keys stands at the beginning of `file`.
  public void rdb(String file, long keys, long length) throws IOException {
    begin(file, 0, "rdb");
    json.writeNumberField("keys", keys);
    json.writeNumberField("length", length);
    endLine();
  }

  /// Writes that `key` stands in an RDB.
  public void rdbKey(String file, long offset, int db, byte[] key) throws IOException {
    begin(file, offset, "key");
    json.writeNumberField("db", db);
    key(key);
    endLine();
  }

  private void key(byte[] key) throws IOException {
    String text = KeyEscape.of(key);
    json.writeStringField("key", text);
    if (text.indexOf('\\') >= 0) {
      json.writeStringField("keyBase64", Base64.getEncoder().encodeToString(key));
    }
  }

  /// Writes how `file` ends.
  public void end(String file, AofRecord.End end) throws IOException {
    begin(file, end.offset(), "end");
    switch (end.tail()) {
      case AofRecord.Tail.Clean() -> json.writeStringField("tail", "clean");
      case AofRecord.Tail.CutInCommand(long at) -> {
        json.writeStringField("tail", "cut in a record");
        json.writeNumberField("cutAt", at);
      }
      case AofRecord.Tail.OpenTransaction(long multi) -> {
        json.writeStringField("tail", "open transaction");
        json.writeNumberField("multiAt", multi);
      }
    }
    json.writeNumberField("unfinishedBytes", end.lostBytes());
    endLine();
  }

  private void begin(String file, long offset, String record) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file);
    json.writeNumberField("offset", offset);
    json.writeStringField("record", record);
  }

  private void time(Optional<AofRecord.TimeMark> mark) throws IOException {
    if (mark.isPresent()) {
      json.writeStringField("time", Instant.ofEpochMilli(mark.get().unixMillis()).toString());
    }
  }

  private void endLine() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
