package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.type.RedisStream;
import io.redrill.server.type.StreamId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// Commands on the entries of streams; those on consumer groups have a class of their own.
final class StreamCommands {

  private StreamCommands() {}

  static void register(CommandTable table) {
    table.add("xadd", -5, KEY, GROW_FAST, StreamCommands::xadd);
    table.add("xlen", 2, KEY, READ_FAST, StreamCommands::xlen);
    table.add("xrange", -4, KEY, READ, call -> range(call, false));
    table.add("xrevrange", -4, KEY, READ, call -> range(call, true));
    table.add("xdel", -3, KEY, WRITE_FAST, StreamCommands::xdel);
    table.add("xtrim", -4, KEY, WRITE, StreamCommands::xtrim);
    table.add("xsetid", -3, KEY, GROW_FAST, StreamCommands::xsetId);
    table.add("xread", -4, NONE, READ, StreamCommands::xread);
    GroupCommands.register(table);
    StreamInfoCommands.register(table);
  }

  private static void xadd(Call call) {
    boolean create = true;
    StreamTrim trim = null;
    int at = 2;
    while (at < call.count()) {
      if (call.is(at, "NOMKSTREAM")) {
        create = false;
        at++;
      } else if (StreamTrim.isOne(call, at)) {
        StreamTrim.Parsed parsed = StreamTrim.parse(call, at, trim);
        trim = parsed.trim();
        at = parsed.next();
      } else {
        break;
      }
    }
    int idAt = at;
    NewId wanted = idAt < call.count() ? NewId.of(call.arg(idAt)) : NewId.AUTOMATIC;
    int fieldsAt = idAt + 1;
    if (call.count() - fieldsAt < 2 || (call.count() - fieldsAt) % 2 != 0) {
      throw new CommandException(
          "ERR wrong number of arguments for '%s' command".formatted(call.command().name()));
    }
    if (wanted.isZero() && call.isReplayed() && call.db().findForWrite(call.arg(1)) == null) {
      // How Redis 5 rewrites a stream that never had an entry; it cannot load that itself.
      call.db().put(call.arg(1), new RedisStream(), false);
      call.reply().nullValue();
      return;
    }
    if (wanted.isZero()) {
      throw new CommandException("ERR The ID specified in XADD must be greater than 0-0");
    }
    byte[] key = call.arg(1);
    RedisStream stream = call.findForWrite(key, RedisStream.class);
    if (stream == null && !create) {
      call.reply().nullValue();
      return;
    }
    RedisStream target = stream == null ? new RedisStream() : stream;
    StreamId id = wanted.after(target.lastId(), call.now());
    target.add(id, List.of(Arrays.copyOfRange(call.args(), fieldsAt, call.count())));
    if (stream == null) {
      call.db().put(key, target, false);
    }
    if (trim != null) {
      trim.apply(target, call.keyspace().limits().streamNodeMaxEntries());
    }
    call.changed(key);
    propagateAdd(call, target, id, trim, fieldsAt);
    call.reply().bulk(StreamArguments.text(id));
  }

  private static void propagateAdd(
      Call call, RedisStream stream, StreamId id, @Nullable StreamTrim trim, int fieldsAt) {
    List<byte[]> effect = new ArrayList<>(List.of(call.arg(0), call.arg(1)));
    if (trim != null) {
      effect.addAll(List.of(trim.exactWords(stream)));
    }
    effect.add(StreamArguments.text(id));
    effect.addAll(List.of(Arrays.copyOfRange(call.args(), fieldsAt, call.count())));
    call.propagate(effect.toArray(new byte[0][]));
  }

  /// The id that `XADD` asks for: a given one, `*`, or `millis-*`.
  private record NewId(long millis, long sequence, boolean anyMillis, boolean anySequence) {

    static final NewId AUTOMATIC = new NewId(0, 0, true, true);

    static NewId of(byte[] arg) {
      String text = new String(arg, java.nio.charset.StandardCharsets.ISO_8859_1);
      if (text.equals("*")) {
        return AUTOMATIC;
      }
      if (text.endsWith("-*")) {
        return new NewId(
            StreamArguments.part(text.substring(0, text.length() - 2)), 0, false, true);
      }
      StreamId id = StreamArguments.id(arg, 0);
      return new NewId(id.millis(), id.sequence(), false, false);
    }

    boolean isZero() {
      return !anySequence && millis == 0 && sequence == 0;
    }

    StreamId after(StreamId last, long now) {
      StreamId id;
      if (anyMillis) {
        id = Long.compareUnsigned(now, last.millis()) > 0 ? new StreamId(now, 0) : last.next();
      } else if (anySequence) {
        id = millis == last.millis() ? last.next() : new StreamId(millis, 0);
        if (id.millis() != millis) {
          throw tooSmall();
        }
      } else {
        id = new StreamId(millis, sequence);
      }
      if (id.compareTo(last) <= 0) {
        throw tooSmall();
      }
      return id;
    }

    private static CommandException tooSmall() {
      return new CommandException(
          "ERR The ID specified in XADD is equal or smaller than the target stream top item");
    }
  }

  private static void xlen(Call call) {
    RedisStream stream = call.find(call.arg(1), RedisStream.class);
    call.reply().integer(stream == null ? 0 : stream.length());
  }

  private static void range(Call call, boolean reverse) {
    StreamId start = StreamArguments.start(call.arg(reverse ? 3 : 2));
    StreamId end = StreamArguments.end(call.arg(reverse ? 2 : 3));
    long count = Long.MAX_VALUE;
    boolean empty = false;
    if (call.count() > 4) {
      if (call.count() != 6 || !call.is(4, "COUNT")) {
        throw new CommandException(CommandException.SYNTAX);
      }
      count = Math.max(0, call.integer(5));
      empty = count == 0;
    }
    RedisStream stream = call.find(call.arg(1), RedisStream.class);
    if (empty && stream != null) {
      call.reply().nullArray();
      return;
    }
    if (stream == null || start.compareTo(end) > 0) {
      call.reply().array(0);
      return;
    }
    NavigableMap<StreamId, List<byte[]>> part = stream.entries().subMap(start, true, end, true);
    replyEntries(call.reply(), first(reverse ? part.descendingMap() : part, count));
  }

  static List<Map.Entry<StreamId, List<byte[]>>> first(
      NavigableMap<StreamId, List<byte[]>> entries, long count) {
    List<Map.Entry<StreamId, List<byte[]>>> found = new ArrayList<>();
    for (Map.Entry<StreamId, List<byte[]>> entry : entries.entrySet()) {
      if (found.size() >= count) {
        break;
      }
      found.add(entry);
    }
    return found;
  }

  static void replyEntries(ReplyBuffer reply, List<Map.Entry<StreamId, List<byte[]>>> entries) {
    reply.array(entries.size());
    for (Map.Entry<StreamId, List<byte[]>> entry : entries) {
      replyEntry(reply, entry.getKey(), entry.getValue());
    }
  }

  static void replyEntry(ReplyBuffer reply, StreamId id, List<byte[]> fieldsAndValues) {
    reply.array(2);
    reply.bulk(StreamArguments.text(id));
    reply.array(fieldsAndValues.size());
    fieldsAndValues.forEach(reply::bulk);
  }

  private static void xdel(Call call) {
    List<StreamId> ids = new ArrayList<>();
    RedisStream stream = call.findForWrite(call.arg(1), RedisStream.class);
    if (stream == null) {
      call.reply().integer(0);
      return;
    }
    for (int i = 2; i < call.count(); i++) {
      ids.add(StreamArguments.id(call.arg(i), 0));
    }
    int deleted = 0;
    for (StreamId id : ids) {
      if (stream.delete(id)) {
        deleted++;
      }
    }
    if (deleted > 0) {
      call.changed(call.arg(1), deleted);
    }
    call.reply().integer(deleted);
  }

  private static void xtrim(Call call) {
    if (!StreamTrim.isOne(call, 2)) {
      throw new CommandException(CommandException.SYNTAX);
    }
    StreamTrim.Parsed parsed = StreamTrim.parse(call, 2, null);
    if (parsed.next() != call.count()) {
      throw new CommandException(CommandException.SYNTAX);
    }
    byte[] key = call.arg(1);
    RedisStream stream = call.findForWrite(key, RedisStream.class);
    long trimmed = 0;
    if (stream != null) {
      trimmed = parsed.trim().apply(stream, call.keyspace().limits().streamNodeMaxEntries());
      if (trimmed > 0) {
        call.changed(key, trimmed);
        List<byte[]> effect = new ArrayList<>(List.of(call.arg(0), key));
        effect.addAll(List.of(parsed.trim().exactWords(stream)));
        call.propagate(effect.toArray(new byte[0][]));
      }
    }
    call.reply().integer(trimmed);
  }

  private static void xsetId(Call call) {
    StreamId id = StreamArguments.id(call.arg(2), 0);
    StreamId maxDeleted = StreamId.MIN;
    long added = -1;
    for (int i = 3; i < call.count(); i += 2) {
      if (i + 1 >= call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      if (call.is(i, "ENTRIESADDED")) {
        added = call.integer(i + 1);
        if (added < 0) {
          throw new CommandException("ERR entries_added must be positive");
        }
      } else if (call.is(i, "MAXDELETEDID")) {
        maxDeleted = StreamArguments.id(call.arg(i + 1), 0);
        if (id.compareTo(maxDeleted) < 0) {
          throw new CommandException(
              "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
        }
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    RedisStream stream = call.findForWrite(call.arg(1), RedisStream.class);
    if (stream == null) {
      throw new CommandException("ERR no such key");
    }
    if (stream.length() > 0) {
      if (id.compareTo(stream.entries().lastKey()) < 0) {
        throw new CommandException(
            "ERR The ID specified in XSETID is smaller than the target stream top item");
      }
      if (added != -1 && stream.length() > added) {
        throw new CommandException(
            "ERR The entries_added specified in XSETID is smaller than the target stream length");
      }
    }
    stream.counters(
        id,
        added == -1 ? stream.entriesAdded() : added,
        maxDeleted.isZero() ? stream.maxDeletedId() : maxDeleted);
    call.changed(1);
    call.reply().ok();
  }

  private static void xread(Call call) {
    ReadArguments read = ReadArguments.of(call, 1, false);
    List<byte[]> keys = new ArrayList<>();
    List<List<Map.Entry<StreamId, List<byte[]>>>> results = new ArrayList<>();
    for (int i = 0; i < read.keys(); i++) {
      byte[] key = call.arg(read.keyAt() + i);
      byte[] after = call.arg(read.keyAt() + read.keys() + i);
      RedisStream stream = call.find(key, RedisStream.class);
      if (after.length == 1 && after[0] == '$') {
        continue;
      }
      StreamId last = StreamArguments.id(after, 0);
      if (stream != null && stream.lastId().compareTo(last) > 0) {
        var found = first(stream.entries().tailMap(last, false), read.count());
        if (!found.isEmpty()) {
          keys.add(key);
          results.add(found);
        }
      }
    }
    if (keys.isEmpty()) {
      call.reply().nullArray();
      return;
    }
    replyHead(call.reply(), keys.size());
    for (int i = 0; i < keys.size(); i++) {
      replyKey(call.reply(), keys.get(i));
      replyEntries(call.reply(), results.get(i));
    }
  }

  /// The head of a reply with one part for each key.
  static void replyHead(ReplyBuffer reply, int keys) {
    if (reply.protocol() == 3) {
      reply.map(keys);
    } else {
      reply.array(keys);
    }
  }

  /// The key in front of its part.
  static void replyKey(ReplyBuffer reply, byte[] key) {
    if (reply.protocol() == 2) {
      reply.array(2);
    }
    reply.bulk(key);
  }

  /// `COUNT`, `BLOCK`, `NOACK` and where the keys of `XREAD` and `XREADGROUP` are. Waiting is not
  /// offered: `BLOCK` answers at once what a time that is up would.
  record ReadArguments(long count, boolean noAck, int keyAt, int keys) {

    static ReadArguments of(Call call, int at, boolean grouped) {
      long count = Long.MAX_VALUE;
      boolean noAck = false;
      int i = at;
      for (; i < call.count() && !call.is(i, "STREAMS"); i++) {
        boolean more = i + 1 < call.count();
        if (more && call.is(i, "COUNT")) {
          long given = call.integer(++i);
          count = given <= 0 ? Long.MAX_VALUE : given;
        } else if (more && call.is(i, "BLOCK")) {
          if (call.integer(++i, "ERR timeout is not an integer or out of range") < 0) {
            throw new CommandException("ERR timeout is negative");
          }
        } else if (grouped && call.is(i, "NOACK")) {
          noAck = true;
        } else {
          throw new CommandException(CommandException.SYNTAX);
        }
      }
      int rest = call.count() - i - 1;
      if (rest < 1) {
        throw new CommandException(CommandException.SYNTAX);
      }
      if (rest % 2 != 0) {
        throw new CommandException(
            "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be"
                + " specified.");
      }
      return new ReadArguments(count, noAck, i + 1, rest / 2);
    }
  }
}
