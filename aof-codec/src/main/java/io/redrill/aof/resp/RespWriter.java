package io.redrill.aof.resp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Writes commands and replies to an `OutputStream`, which should be buffered: small pieces are
/// written one by one, and nothing is flushed here.
///
/// In version 2 the types of version 3 take the forms that Redis gives them: a map is a flat array,
/// a set or push message an array, a number that is no 64-bit integer a string, a boolean 0 or 1.
public final class RespWriter {

  private static final byte[] LINE_END = {'\r', '\n'};

  private final OutputStream out;
  private final RespVersion version;

  /// Writes version 2.
  public RespWriter(OutputStream out) {
    this(out, RespVersion.RESP2);
  }

  /// Writes `version` to `out`, which stays the caller's to flush and close.
  public RespWriter(OutputStream out, RespVersion version) {
    this.out = out;
    this.version = version;
  }

  /// Writes a command of text arguments, name first, as UTF-8.
  public void writeCommand(String... args) throws IOException {
    header('*', args.length);
    for (String arg : args) {
      bulk('$', arg.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes a command, name first.
  public void writeCommand(List<byte[]> args) throws IOException {
    header('*', args.size());
    for (byte[] arg : args) {
      bulk('$', arg);
    }
  }

  /// Writes a reply in this writer's version.
  ///
  /// @throws IllegalArgumentException if the text of a simple string or error has a line break
  public void writeReply(RespReply reply) throws IOException {
    switch (version) {
      case RESP2 -> writeVersion2(reply);
      case RESP3 -> writeVersion3(reply);
    }
  }

  private void writeVersion2(RespReply reply) throws IOException {
    switch (reply) {
      case RespReply.SimpleString(String text) -> line('+', oneLine(text));
      case RespReply.ErrorReply(String text) -> line('-', oneLine(text));
      case RespReply.IntegerReply(long value) -> header(':', value);
      case RespReply.BulkString(byte[] bytes) -> bulk('$', bytes);
      case RespReply.NullReply() -> header('$', -1);
      case RespReply.ArrayReply(List<RespReply> items) -> items('*', items);
      case RespReply.MapReply(List<RespReply.MapReply.Entry> entries) -> {
        header('*', 2L * entries.size());
        entries(entries);
      }
      case RespReply.SetReply(List<RespReply> items) -> items('*', items);
      case RespReply.DoubleReply(double value) -> bulk('$', ascii(text(value)));
      case RespReply.BooleanReply(boolean value) -> header(':', value ? 1 : 0);
      case RespReply.BigNumber(var value) -> bulk('$', ascii(value.toString()));
      case RespReply.VerbatimString(_, byte[] bytes) -> bulk('$', bytes);
      case RespReply.PushReply(List<RespReply> items) -> items('*', items);
    }
  }

  private void writeVersion3(RespReply reply) throws IOException {
    switch (reply) {
      case RespReply.SimpleString _,
          RespReply.ErrorReply _,
          RespReply.IntegerReply _,
          RespReply.BulkString _,
          RespReply.ArrayReply _ ->
          writeVersion2(reply);
      case RespReply.NullReply() -> line('_', "");
      case RespReply.MapReply(List<RespReply.MapReply.Entry> entries) -> {
        header('%', entries.size());
        entries(entries);
      }
      case RespReply.SetReply(List<RespReply> items) -> items('~', items);
      case RespReply.DoubleReply(double value) -> line(',', text(value));
      case RespReply.BooleanReply(boolean value) -> line('#', value ? "t" : "f");
      case RespReply.BigNumber(var value) -> line('(', value.toString());
      case RespReply.VerbatimString(String format, byte[] bytes) -> {
        header('=', bytes.length + 4L);
        out.write(ascii(format));
        out.write(':');
        out.write(bytes);
        out.write(LINE_END);
      }
      case RespReply.PushReply(List<RespReply> items) -> items('>', items);
    }
  }

  private void items(char kind, List<RespReply> items) throws IOException {
    header(kind, items.size());
    for (RespReply item : items) {
      writeReply(item);
    }
  }

  private void entries(List<RespReply.MapReply.Entry> entries) throws IOException {
    for (RespReply.MapReply.Entry entry : entries) {
      writeReply(entry.key());
      writeReply(entry.value());
    }
  }

  private void bulk(char kind, byte[] bytes) throws IOException {
    header(kind, bytes.length);
    out.write(bytes);
    out.write(LINE_END);
  }

  private void header(char kind, long number) throws IOException {
    line(kind, Long.toString(number));
  }

  private void line(char kind, String text) throws IOException {
    out.write(kind);
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write(LINE_END);
  }

  private static String oneLine(String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a simple string or error must be one line");
    }
    return text;
  }

  /// Whole numbers without a fraction and infinities by name, as servers write them.
  private static String text(double value) {
    if (Double.isInfinite(value) || Double.isNaN(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.toString(value).toLowerCase(Locale.ROOT);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
