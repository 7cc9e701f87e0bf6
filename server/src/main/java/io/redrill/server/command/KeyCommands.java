package io.redrill.server.command;

import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.rdb.filter.KeyGlob;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisString;
import io.redrill.server.type.Value;
import java.util.ArrayList;
import java.util.List;

/// Commands on keys, whatever they hold.
final class KeyCommands {

  private static final long SHARED_INTEGERS = 10_000;
  private static final String SAME = "ERR source and destination objects are the same";
  private static final String NO_LFU =
      "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that"
          + " when switching between policies at runtime LRU and LFU data will take some time to"
          + " adjust.";

  private KeyCommands() {}

  static void register(CommandTable table) {
    KeyPositions two = new KeyPositions(1, 2, 1);
    KeyPositions second = new KeyPositions(2, 2, 1);
    table.add("del", -2, KEYS, WRITE, KeyCommands::delete);
    table.add("unlink", -2, KEYS, WRITE_FAST, KeyCommands::delete);
    table.add("exists", -2, KEYS, READ_FAST, KeyCommands::exists);
    table.add("touch", -2, KEYS, READ_FAST, KeyCommands::exists);
    table.add("type", 2, KEY, READ_FAST, KeyCommands::type);
    table.add("keys", 2, NONE, READ, KeyCommands::keys);
    table.add("scan", -2, NONE, READ, KeyCommands::scan);
    table.add("randomkey", 1, NONE, READ, KeyCommands::randomKey);
    table.add("rename", 3, two, WRITE, call -> rename(call, true));
    table.add("renamenx", 3, two, WRITE_FAST, call -> rename(call, false));
    table.add("copy", -3, two, Commands.GROW, KeyCommands::copy);
    table.add("move", 3, KEY, WRITE_FAST, KeyCommands::move);
    table
        .add("object", -2, NONE, READ, call -> {})
        .sub("encoding", 3, second, READ, KeyCommands::encoding)
        .sub("idletime", 3, second, READ, KeyCommands::idleTime)
        .sub("refcount", 3, second, READ, KeyCommands::refCount)
        .sub("freq", 3, second, READ, KeyCommands::frequency);
  }

  private static void delete(Call call) {
    int removed = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.db().remove(call.arg(i)) != null) {
        removed++;
      }
    }
    call.changed(removed);
    call.reply().integer(removed);
  }

  private static void exists(Call call) {
    int found = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.entry(call.arg(i)) != null) {
        found++;
      }
    }
    call.reply().integer(found);
  }

  private static void type(Call call) {
    KeyEntry entry = call.db().peek(call.arg(1));
    call.reply().status(entry == null ? "none" : entry.value().kind().redisName());
  }

  private static void keys(Call call) {
    KeyGlob pattern = KeyGlob.of(call.arg(1));
    List<KeyEntry> found = new ArrayList<>();
    for (KeyEntry entry : call.db().entries()) {
      if (pattern.matches(entry.key()) && !call.db().isExpired(entry)) {
        found.add(entry);
      }
    }
    call.reply().array(found.size());
    found.forEach(entry -> call.reply().bulk(entry.key()));
  }

  private static void scan(Call call) {
    ScanOptions options = ScanOptions.of(call, 1, true);
    List<KeyEntry> seen = new ArrayList<>();
    long next = call.db().scan(options.cursor(), options.count(), seen::add);
    List<byte[]> found = new ArrayList<>(seen.size());
    for (KeyEntry entry : seen) {
      if (!call.db().removeIfExpired(entry)
          && options.accepts(entry.key())
          && options.accepts(entry.value().kind())) {
        found.add(entry.key());
      }
    }
    ScanOptions.reply(call, next, found);
  }

  private static void randomKey(Call call) {
    KeyEntry entry = call.db().random(call.keyspace().random());
    call.reply().bulkOrNull(entry == null ? null : entry.key());
  }

  private static void rename(Call call, boolean replace) {
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    KeyEntry entry = call.db().findForWrite(from);
    if (entry == null) {
      throw new CommandException("ERR no such key");
    }
    boolean same = java.util.Arrays.equals(from, to);
    if (!replace && (same || call.db().peek(to) != null)) {
      call.reply().integer(0);
      return;
    }
    if (!same) {
      transfer(call.db(), entry, call.db(), to);
      call.changed(1);
    }
    if (replace) {
      call.reply().ok();
    } else {
      call.reply().integer(1);
    }
  }

  /// Takes an entry's value and expiry from one place to another.
  private static void transfer(Database from, KeyEntry entry, Database to, byte[] newKey) {
    Value value = entry.value();
    long expireAt = entry.expireAtMillis();
    from.remove(entry.key());
    put(to, newKey, value, expireAt);
  }

  private static void put(Database db, byte[] key, Value value, long expireAt) {
    KeyEntry entry = db.put(key, value, false);
    if (expireAt != KeyEntry.NO_EXPIRY) {
      db.expireAt(entry, expireAt);
    }
  }

  private static Database database(Call call, int index) {
    long number = call.integer(index);
    if (number < 0 || number >= call.keyspace().databaseCount()) {
      throw new CommandException("ERR DB index is out of range");
    }
    return call.keyspace().database((int) number);
  }

  private static void copy(Call call) {
    Database target = call.db();
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "DB") && i + 1 < call.count()) {
        target = database(call, ++i);
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    if (target == call.db() && java.util.Arrays.equals(from, to)) {
      throw new CommandException(SAME);
    }
    KeyEntry entry = call.entry(from);
    if (entry == null || (!replace && target.peek(to) != null)) {
      call.reply().integer(0);
      return;
    }
    put(target, to, entry.value().copy(), entry.expireAtMillis());
    call.changed(1);
    call.reply().integer(1);
  }

  private static void move(Call call) {
    Database target = database(call, 2);
    if (target == call.db()) {
      throw new CommandException(SAME);
    }
    KeyEntry entry = call.db().findForWrite(call.arg(1));
    if (entry == null || target.peek(call.arg(1)) != null) {
      call.reply().integer(0);
      return;
    }
    transfer(call.db(), entry, target, call.arg(1));
    call.changed(1);
    call.reply().integer(1);
  }

  private static void encoding(Call call) {
    KeyEntry entry = call.db().peek(call.arg(2));
    if (entry == null) {
      call.reply().nullValue();
    } else {
      call.reply().bulk(entry.value().encoding());
    }
  }

  private static void idleTime(Call call) {
    KeyEntry entry = call.db().peek(call.arg(2));
    if (entry == null) {
      call.reply().nullValue();
    } else {
      call.reply().integer(Math.max(0, call.now() - entry.usedAtMillis()) / 1000);
    }
  }

  private static void refCount(Call call) {
    KeyEntry entry = call.db().peek(call.arg(2));
    if (entry == null) {
      call.reply().nullValue();
      return;
    }
    boolean shared =
        entry.value() instanceof RedisString string
            && string.encoding().equals("int")
            && Numbers.parseLong(string.bytes()).orElse(-1) >= 0
            && Numbers.parseLong(string.bytes()).orElse(-1) < SHARED_INTEGERS;
    call.reply().integer(shared ? Integer.MAX_VALUE : 1);
  }

  private static void frequency(Call call) {
    if (call.db().peek(call.arg(2)) == null) {
      call.reply().nullValue();
      return;
    }
    throw new CommandException(NO_LFU);
  }
}
