package io.redrill.server.command;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.filter.KeyGlob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the commands of the SCAN family have in common: cursor, `COUNT`, `MATCH`, `TYPE`.
record ScanOptions(long cursor, long count, @Nullable KeyGlob match, @Nullable String type) {

  /// Reads the cursor at argument `at` and the options behind it; `TYPE` only if allowed.
  static ScanOptions of(Call call, int at, boolean typeAllowed) {
    long cursor = cursor(call.arg(at));
    long count = 10;
    KeyGlob match = null;
    String type = null;
    for (int i = at + 1; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      if (call.is(i, "COUNT")) {
        count = call.integer(i + 1);
        if (count < 1) {
          throw new CommandException(CommandException.SYNTAX);
        }
      } else if (call.is(i, "MATCH")) {
        match = KeyGlob.of(call.arg(i + 1));
      } else if (call.is(i, "TYPE") && typeAllowed) {
        type = call.text(i + 1).toLowerCase(Locale.ROOT);
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    return new ScanOptions(cursor, count, match, type);
  }

  boolean accepts(byte[] name) {
    return match == null || match.matches(name);
  }

  boolean accepts(RdbKind kind) {
    return type == null || type.equals(kind.redisName());
  }

  /// Writes the reply: the next cursor and what was found.
  static void reply(Call call, long next, List<byte[]> found) {
    call.reply().array(2);
    call.reply().bulk(next);
    call.reply().array(found.size());
    found.forEach(call.reply()::bulk);
  }

  /// Writes the reply for a key that does not exist.
  static void replyNothing(Call call) {
    reply(call, 0, new ArrayList<>());
  }

  /// The cursor in `text`.
  static long cursor(byte[] text) {
    try {
      return Long.parseUnsignedLong(new String(text, java.nio.charset.StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      throw new CommandException("ERR invalid cursor");
    }
  }
}
