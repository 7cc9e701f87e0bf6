package io.redrill.server.command;

import io.redrill.server.type.StreamId;
import java.nio.charset.StandardCharsets;

/// Entry ids as commands write them.
final class StreamArguments {

  static final String INVALID_ID = "ERR Invalid stream ID specified as stream command argument";

  private StreamArguments() {}

  /// A complete id, or one without its second part, which then is `missingSequence`.
  static StreamId id(byte[] arg, long missingSequence) {
    String text = new String(arg, StandardCharsets.ISO_8859_1);
    int dash = text.indexOf('-');
    if (dash < 0) {
      return new StreamId(part(text), missingSequence);
    }
    return new StreamId(part(text.substring(0, dash)), part(text.substring(dash + 1)));
  }

  /// The lower end of a range: an id, `-`, `+`, or with `(` in front what comes after it.
  static StreamId start(byte[] arg) {
    if (isExclusive(arg)) {
      StreamId id = id(tail(arg), 0);
      if (id.equals(StreamId.MAX)) {
        throw new CommandException("ERR invalid start ID for the interval");
      }
      return id.next();
    }
    return special(arg, 0);
  }

  /// The upper end of a range.
  static StreamId end(byte[] arg) {
    if (isExclusive(arg)) {
      StreamId id = id(tail(arg), -1);
      if (id.isZero()) {
        throw new CommandException("ERR invalid end ID for the interval");
      }
      return id.previous();
    }
    return special(arg, -1);
  }

  private static StreamId special(byte[] arg, long missingSequence) {
    if (arg.length == 1 && arg[0] == '-') {
      return StreamId.MIN;
    }
    if (arg.length == 1 && arg[0] == '+') {
      return StreamId.MAX;
    }
    return id(arg, missingSequence);
  }

  private static boolean isExclusive(byte[] arg) {
    return arg.length > 1 && arg[0] == '(';
  }

  private static byte[] tail(byte[] arg) {
    return java.util.Arrays.copyOfRange(arg, 1, arg.length);
  }

  static long part(String digits) {
    try {
      if (digits.startsWith("+")) {
        throw new CommandException(INVALID_ID);
      }
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw new CommandException(INVALID_ID);
    }
  }

  static byte[] text(StreamId id) {
    return Call.bytes(id.toString());
  }
}
