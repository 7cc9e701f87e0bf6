package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;

import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.TargetTooOldException;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.StoredValue;
import io.redrill.server.type.Value;
import java.util.ArrayList;
import java.util.List;

/// `DUMP` and `RESTORE`: a value as bytes and back.
final class DumpCommands {

  private static final byte[] DEL = Call.bytes("DEL");
  private static final byte[] ABSTTL = Call.bytes("ABSTTL");
  private static final String BAD_FORMAT = "ERR Bad data format";

  private DumpCommands() {}

  static void register(CommandTable table) {
    table.add("dump", 2, KEY, READ, DumpCommands::dump);
    table.add("restore", -4, KEY, GROW, DumpCommands::restore);
    table.add("restore-asking", -4, KEY, GROW, DumpCommands::restore);
  }

  private static void dump(Call call) {
    KeyEntry entry = call.entry(call.arg(1));
    if (entry == null) {
      call.reply().nullValue();
      return;
    }
    try {
      StoredValue stored = StoredValue.of(entry.value(), true);
      call.reply()
          .bulk(
              new DumpPayload(stored.type(), stored.bytes())
                  .bytes(RdbVersions.oldestHolding(stored.type())));
    } catch (TargetTooOldException e) {
      throw new IllegalStateException("the form was chosen to hold the value", e);
    }
  }

  private static void restore(Call call) {
    byte[] key = call.arg(1);
    boolean replace = false;
    boolean absolute = false;
    long idleSeconds = -1;
    boolean frequency = false;
    for (int i = 4; i < call.count(); i++) {
      boolean more = i + 1 < call.count();
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "ABSTTL")) {
        absolute = true;
      } else if (more && call.is(i, "IDLETIME") && !frequency) {
        idleSeconds =
            call.integer(++i, 0, Long.MAX_VALUE / 1000, "ERR Invalid IDLETIME value, must be >= 0");
      } else if (more && call.is(i, "FREQ") && idleSeconds < 0) {
        call.integer(++i, 0, 255, "ERR Invalid FREQ value, must be >= 0 and <= 255");
        frequency = true;
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    if (!replace && call.db().peek(key) != null) {
      throw new CommandException("BUSYKEY Target key name already exists.");
    }
    long ttl = call.integer(2);
    if (ttl < 0) {
      throw new CommandException("ERR Invalid TTL value, must be >= 0");
    }
    Value value = decode(call, call.arg(3));
    boolean removed = replace && call.db().remove(key) != null;
    long expireAt = ttl == 0 ? KeyEntry.NO_EXPIRY : absolute ? ttl : ttl + call.now();
    if (ttl != 0 && expireAt <= call.now() && call.keyspace().removesExpired()) {
      if (removed) {
        call.changed(1);
        call.propagate(DEL, key);
      }
      call.reply().ok();
      return;
    }
    KeyEntry entry = call.db().put(key, value, false);
    if (ttl != 0) {
      call.db().expireAt(entry, expireAt);
      if (!absolute) {
        propagateAbsolute(call, expireAt);
      }
    }
    if (idleSeconds >= 0) {
      entry.usedAt(call.now() - idleSeconds * 1000);
    }
    call.changed(1);
    call.reply().ok();
  }

  private static void propagateAbsolute(Call call, long expireAt) {
    List<byte[]> effect = new ArrayList<>(List.of(call.args()));
    effect.set(2, Numbers.text(expireAt));
    effect.add(ABSTTL);
    call.propagate(effect.toArray(new byte[0][]));
  }

  private static Value decode(Call call, byte[] payload) {
    DumpPayload dump;
    try {
      dump = DumpPayload.parse(payload);
    } catch (FormatException e) {
      throw new CommandException("ERR DUMP payload version or checksum are wrong");
    }
    try {
      return new StoredValue(dump.type(), dump.value())
          .toValue(call.keyspace().limits())
          .orElseThrow(() -> new CommandException(BAD_FORMAT));
    } catch (FormatException e) {
      throw new CommandException(BAD_FORMAT);
    }
  }
}
