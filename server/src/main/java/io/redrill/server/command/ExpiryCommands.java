package io.redrill.server.command;

import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;

/// Commands that set and tell when keys expire.
final class ExpiryCommands {

  private static final byte[] DEL = Call.bytes("DEL");
  private static final byte[] PEXPIREAT = Call.bytes("PEXPIREAT");
  private static final long NO_KEY = -2;
  private static final long NO_EXPIRY = -1;

  private ExpiryCommands() {}

  static void register(CommandTable table) {
    table.add("expire", -3, KEY, WRITE_FAST, call -> expire(call, 1000, true));
    table.add("pexpire", -3, KEY, WRITE_FAST, call -> expire(call, 1, true));
    table.add("expireat", -3, KEY, WRITE_FAST, call -> expire(call, 1000, false));
    table.add("pexpireat", -3, KEY, WRITE_FAST, call -> expire(call, 1, false));
    table.add("ttl", 2, KEY, READ_FAST, call -> tell(call, 1000, true));
    table.add("pttl", 2, KEY, READ_FAST, call -> tell(call, 1, true));
    table.add("expiretime", 2, KEY, READ_FAST, call -> tell(call, 1000, false));
    table.add("pexpiretime", 2, KEY, READ_FAST, call -> tell(call, 1, false));
    table.add("persist", 2, KEY, WRITE_FAST, ExpiryCommands::persist);
  }

  /// On what condition an expiry is set.
  private record Condition(boolean ifNone, boolean ifAny, boolean ifGreater, boolean ifLess) {

    static Condition of(Call call) {
      boolean nx = false;
      boolean xx = false;
      boolean gt = false;
      boolean lt = false;
      for (int i = 3; i < call.count(); i++) {
        switch (call.word(i)) {
          case "NX" -> nx = true;
          case "XX" -> xx = true;
          case "GT" -> gt = true;
          case "LT" -> lt = true;
          default -> throw new CommandException("ERR Unsupported option " + call.text(i));
        }
      }
      if (nx && (xx || gt || lt)) {
        throw new CommandException(
            "ERR NX and XX, GT or LT options at the same time are not compatible");
      }
      if (gt && lt) {
        throw new CommandException("ERR GT and LT options at the same time are not compatible");
      }
      return new Condition(nx, xx, gt, lt);
    }

    /// Whether it holds; a key without an expiry counts as one that expires never.
    boolean holds(KeyEntry entry, long millis) {
      boolean set = entry.isVolatile();
      return !(ifNone && set)
          && !(ifAny && !set)
          && !(ifGreater && (!set || millis <= entry.expireAtMillis()))
          && !(ifLess && set && millis >= entry.expireAtMillis());
    }
  }

  private static void expire(Call call, long unitMillis, boolean relative) {
    byte[] key = call.arg(1);
    Condition condition = Condition.of(call);
    long amount = call.integer(2);
    if (amount > Long.MAX_VALUE / unitMillis || amount < Long.MIN_VALUE / unitMillis) {
      throw invalid(call);
    }
    long millis = amount * unitMillis;
    if (relative) {
      if (millis > Long.MAX_VALUE - call.now()) {
        throw invalid(call);
      }
      millis += call.now();
    }
    KeyEntry entry = call.db().findForWrite(key);
    if (entry == null || !condition.holds(entry, millis)) {
      call.reply().integer(0);
      return;
    }
    if (millis <= call.now() && call.keyspace().removesExpired()) {
      call.db().remove(key);
      call.propagate(DEL, key);
    } else {
      call.db().expireAt(entry, millis);
      call.propagate(PEXPIREAT, key, Numbers.text(millis));
    }
    call.changed(1);
    call.reply().integer(1);
  }

  private static CommandException invalid(Call call) {
    return new CommandException(
        "ERR invalid expire time in '%s' command".formatted(call.command().name()));
  }

  private static void tell(Call call, long unitMillis, boolean relative) {
    KeyEntry entry = call.db().peek(call.arg(1));
    if (entry == null) {
      call.reply().integer(NO_KEY);
    } else if (!entry.isVolatile()) {
      call.reply().integer(NO_EXPIRY);
    } else {
      long millis = entry.expireAtMillis();
      if (relative) {
        millis = Math.max(0, millis - call.now());
        // Remaining seconds are rounded, moments are cut.
        call.reply().integer(unitMillis == 1 ? millis : (millis + 500) / unitMillis);
      } else {
        call.reply().integer(millis / unitMillis);
      }
    }
  }

  private static void persist(Call call) {
    KeyEntry entry = call.db().findForWrite(call.arg(1));
    boolean persists = entry != null && entry.isVolatile();
    if (entry != null && persists) {
      call.db().expireAt(entry, KeyEntry.NO_EXPIRY);
      call.changed(1);
    }
    call.reply().integer(persists);
  }
}
