package io.redrill.aof.resp;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads commands and replies from a [ByteInput], and not one byte more.
///
/// ```
/// command   *<n>\r\n  n times  $<length>\r\n<bytes>\r\n      n >= 1; inline commands are refused
/// reply     + - : $ *         version 2
///           _ # , ( ! = % ~ > version 3; an attribute (|) is read and dropped
/// ```
///
/// Numbers are taken strictly, as servers write them: digits with at most one minus sign in front.
/// The streamed forms of version 3 (`$?`), which no server sends, are refused.
///
/// Every method blocks until the bytes are there. Each throws [EOFException] when the input ends in
/// the middle, [CorruptInputException] when bytes are not RESP or exceed the [RespLimits].
public final class RespReader {

  private final ByteInput in;
  private final RespLimits limits;
  private long budget;

  /// Reads from `in` under [RespLimits#DEFAULT].
  public RespReader(ByteInput in) {
    this(in, RespLimits.DEFAULT);
  }

  /// Reads from `in`, which stays the caller's to close.
  public RespReader(ByteInput in, RespLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /// The next command with its arguments, name first; empty at the end of the input.
  public Optional<List<byte[]>> readCommand() throws IOException {
    return in.atEnd() ? Optional.empty() : Optional.of(command());
  }

  private List<byte[]> command() throws IOException {
    long start = in.offset();
    budget = limits.commandBytes();
    expect('*', "a command");
    long count = readLong();
    if (count < 1 || count > limits.elements()) {
      throw corrupt("number of arguments out of range: " + count, start);
    }
    List<byte[]> args = new ArrayList<>((int) Math.min(count, 16));
    for (long i = 0; i < count; i++) {
      expect('$', "the length of an argument");
      args.add(bulk(in.offset(), readLong()));
    }
    return args;
  }

  /// The next reply. Errors are values here; see [RespConnection#call] for a method that throws
  /// them.
  public RespReply readReply() throws IOException {
    budget = limits.commandBytes();
    return reply(limits.depth());
  }

  /// The next reply, but that a string of more than `heldBytes` goes to `taker` as it comes,
  /// instead of into memory; empty then. What `taker` leaves of it is passed over.
  Optional<RespReply> readReply(long heldBytes, LargeString taker) throws IOException {
    if (in.peek() != '$') {
      return Optional.of(readReply());
    }
    long start = in.offset();
    budget = limits.commandBytes();
    in.readByte();
    long length = readLong();
    if (length == -1) {
      return Optional.of(new RespReply.NullReply());
    }
    if (length <= heldBytes) {
      return Optional.of(new RespReply.BulkString(bulk(start, length)));
    }
    BulkInput bytes = new BulkInput(in, length);
    taker.take(bytes, length);
    bytes.passOver();
    lineEnd();
    return Optional.empty();
  }

  private RespReply reply(int depth) throws IOException {
    long start = in.offset();
    if (depth == 0) {
      throw corrupt("reply nested too deeply", start);
    }
    int kind = in.readByte();
    return switch (kind) {
      case '+' -> new RespReply.SimpleString(line());
      case '-' -> new RespReply.ErrorReply(line());
      case ':' -> new RespReply.IntegerReply(readLong());
      case '$' -> {
        long length = readLong();
        yield length == -1
            ? new RespReply.NullReply()
            : new RespReply.BulkString(bulk(start, length));
      }
      case '*' -> {
        long count = readLong();
        yield count == -1
            ? new RespReply.NullReply()
            : new RespReply.ArrayReply(items(start, count, depth));
      }
      case '_' -> {
        lineEnd();
        yield new RespReply.NullReply();
      }
      case '#' -> bool(start);
      case ',' -> floating(start);
      case '(' -> bigNumber(start);
      case '!' ->
          new RespReply.ErrorReply(new String(bulk(start, readLong()), StandardCharsets.UTF_8));
      case '=' -> verbatim(start);
      case '%' -> map(start, depth);
      case '~' -> new RespReply.SetReply(items(start, readLong(), depth));
      case '>' -> new RespReply.PushReply(items(start, readLong(), depth));
      case '|' -> {
        map(start, depth);
        yield reply(depth - 1);
      }
      default -> throw corrupt("not a reply: first byte 0x%02x".formatted(kind), start);
    };
  }

  private List<RespReply> items(long start, long count, int depth) throws IOException {
    checkCount(start, count);
    List<RespReply> items = new ArrayList<>((int) Math.min(count, 16));
    for (long i = 0; i < count; i++) {
      items.add(reply(depth - 1));
    }
    return items;
  }

  private RespReply map(long start, int depth) throws IOException {
    long count = readLong();
    checkCount(start, count);
    List<RespReply.MapReply.Entry> entries = new ArrayList<>((int) Math.min(count, 16));
    for (long i = 0; i < count; i++) {
      RespReply key = reply(depth - 1);
      entries.add(new RespReply.MapReply.Entry(key, reply(depth - 1)));
    }
    return new RespReply.MapReply(entries);
  }

  /// Nested empty lists cost memory without a string in them, so that elements draw on the budget
  /// too.
  private void checkCount(long start, long count) throws IOException {
    if (count < 0 || count > limits.elements()) {
      throw corrupt("number of elements out of range: " + count, start);
    }
    spend(start, count);
  }

  private RespReply bool(long start) throws IOException {
    String text = line();
    if (!text.equals("t") && !text.equals("f")) {
      throw corrupt("not a boolean", start);
    }
    return new RespReply.BooleanReply(text.equals("t"));
  }

  private RespReply floating(long start) throws IOException {
    String text = line();
    try {
      return new RespReply.DoubleReply(
          switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> Double.parseDouble(text);
          });
    } catch (NumberFormatException notANumber) {
      throw corrupt("not a floating point number", start);
    }
  }

  private RespReply bigNumber(long start) throws IOException {
    try {
      return new RespReply.BigNumber(new BigInteger(line()));
    } catch (NumberFormatException notANumber) {
      throw corrupt("not a number", start);
    }
  }

  private RespReply verbatim(long start) throws IOException {
    byte[] bytes = bulk(start, readLong());
    if (bytes.length < 4 || bytes[3] != ':') {
      throw corrupt("verbatim string without a format", start);
    }
    return new RespReply.VerbatimString(
        new String(bytes, 0, 3, StandardCharsets.US_ASCII),
        Arrays.copyOfRange(bytes, 4, bytes.length));
  }

  private byte[] bulk(long start, long length) throws IOException {
    if (length < 0 || length > limits.bulkBytes()) {
      throw corrupt("string length out of range: " + length, start);
    }
    spend(start, length);
    byte[] bytes = in.readBytes((int) length);
    lineEnd();
    return bytes;
  }

  private void spend(long start, long amount) throws IOException {
    budget -= amount;
    if (budget < 0) {
      throw corrupt("longer than %d bytes in all".formatted(limits.commandBytes()), start);
    }
  }

  /// At most 20 digits with an optional minus sign, then the line end.
  private long readLong() throws IOException {
    long start = in.offset();
    int next = in.readByte();
    boolean negative = next == '-';
    if (negative) {
      next = in.readByte();
    }
    long value = 0;
    int digits = 0;
    for (; next != '\r'; next = in.readByte()) {
      if (next < '0' || next > '9') {
        throw corrupt("not a decimal number", start);
      }
      try {
        // Counted downwards, where there is room for the smallest number.
        value = Math.subtractExact(Math.multiplyExact(value, 10), next - '0');
      } catch (ArithmeticException overflow) {
        throw corrupt("number out of range", start);
      }
      if (++digits > 20) {
        throw corrupt("number out of range", start);
      }
    }
    if (digits == 0 || (!negative && value == Long.MIN_VALUE)) {
      throw corrupt("not a decimal number", start);
    }
    expect('\n', "the end of a line");
    return negative ? value : -value;
  }

  private String line() throws IOException {
    long start = in.offset();
    byte[] bytes = new byte[64];
    int length = 0;
    for (int next = in.readByte(); next != '\r'; next = in.readByte()) {
      if (next == '\n') {
        throw corrupt("line ends without a carriage return", start);
      }
      if (length == bytes.length) {
        spend(start, length);
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      bytes[length++] = (byte) next;
    }
    expect('\n', "the end of a line");
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private void lineEnd() throws IOException {
    expect('\r', "the end of a line");
    expect('\n', "the end of a line");
  }

  private void expect(char wanted, String what) throws IOException {
    long at = in.offset();
    int found = in.readByte();
    if (found != wanted) {
      throw corrupt("expected %s, found byte 0x%02x".formatted(what, found), at);
    }
  }

  private CorruptInputException corrupt(String problem, long at) {
    return new CorruptInputException(problem, in.name(), at);
  }
}
