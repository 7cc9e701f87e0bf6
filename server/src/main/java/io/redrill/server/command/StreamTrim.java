package io.redrill.server.command;

import io.redrill.server.type.RedisStream;
import io.redrill.server.type.StreamId;
import org.jspecify.annotations.Nullable;

/// The trimming that `XADD` and `XTRIM` can ask for: by length or by lowest id, exactly or about.
///
/// About means whole nodes only: entries go in steps of a node's size. What is propagated is exact,
/// so that replicas and a replay of the log end with the same entries.
record StreamTrim(
    boolean byLength, boolean approximate, long maxLength, StreamId minId, long limit) {

  /// A trim option and the argument after it.
  record Parsed(StreamTrim trim, int next) {}

  /// Whether a trim option stands at argument `at`.
  static boolean isOne(Call call, int at) {
    return call.is(at, "MAXLEN") || call.is(at, "MINID");
  }

  /// Reads the option at argument `at`; `before` is an option read already, of which there may be
  /// none of the other kind.
  static Parsed parse(Call call, int at, @Nullable StreamTrim before) {
    boolean byLength = call.is(at, "MAXLEN");
    if (before != null && before.byLength != byLength) {
      throw new CommandException(
          "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
    }
    int i = at + 1;
    boolean approximate = false;
    if (i + 1 < call.count() && (call.is(i, "~") || call.is(i, "="))) {
      approximate = call.is(i, "~");
      i++;
    }
    if (i >= call.count()) {
      throw new CommandException(CommandException.SYNTAX);
    }
    long maxLength = 0;
    StreamId minId = StreamId.MIN;
    if (byLength) {
      maxLength = call.integer(i);
      if (maxLength < 0) {
        throw new CommandException("ERR The MAXLEN argument must be >= 0.");
      }
    } else {
      minId = StreamArguments.id(call.arg(i), 0);
    }
    i++;
    long limit = -1;
    if (i + 1 < call.count() && call.is(i, "LIMIT")) {
      limit = call.integer(i + 1);
      if (limit < 0) {
        throw new CommandException("ERR The LIMIT argument must be >= 0.");
      }
      if (!approximate) {
        throw new CommandException(
            "ERR syntax error, LIMIT cannot be used without the special ~ option");
      }
      i += 2;
    }
    return new Parsed(new StreamTrim(byLength, approximate, maxLength, minId, limit), i);
  }

  /// Trims `stream`; returns how many entries went.
  long apply(RedisStream stream, int nodeEntries) {
    long excess =
        byLength
            ? Math.max(0, stream.length() - maxLength)
            : stream.entries().headMap(minId, false).size();
    if (approximate) {
      long allowed = limit < 0 ? 100L * nodeEntries : limit == 0 ? Long.MAX_VALUE : limit;
      excess = Math.min(excess, allowed);
      // A last node goes as well if nothing of it is to stay.
      excess -= excess == stream.length() ? 0 : excess % nodeEntries;
    }
    stream.trim(excess);
    return excess;
  }

  /// The words that trim a copy of the stream to the same entries.
  byte[][] exactWords(RedisStream stream) {
    return byLength
        ? new byte[][] {
          Call.bytes("MAXLEN"), Call.bytes("="), Call.bytes(Long.toString(stream.length()))
        }
        : new byte[][] {
          Call.bytes("MINID"),
          Call.bytes("="),
          StreamArguments.text(stream.length() == 0 ? stream.lastId().next() : stream.firstId())
        };
  }
}
