package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisString;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// Commands on strings.
final class StringCommands {

  private static final byte[] SET = Call.bytes("SET");
  private static final byte[] DEL = Call.bytes("DEL");
  private static final byte[] PXAT = Call.bytes("PXAT");
  private static final byte[] KEEPTTL = Call.bytes("KEEPTTL");
  private static final byte[] PERSIST = Call.bytes("PERSIST");
  private static final byte[] PEXPIREAT = Call.bytes("PEXPIREAT");
  private static final byte[] EMPTY = {};
  private static final String TOO_LONG =
      "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
  private static final int MAX_LENGTH = 512 * 1024 * 1024;

  private StringCommands() {}

  static void register(CommandTable table) {
    KeyPositions pairs = new KeyPositions(1, -1, 2);
    table.add("get", 2, KEY, READ_FAST, StringCommands::get);
    table.add("set", -3, KEY, GROW, StringCommands::set);
    table.add("setnx", 3, KEY, GROW_FAST, StringCommands::setNx);
    table.add("setex", 4, KEY, GROW, call -> setWithExpiry(call, 1000));
    table.add("psetex", 4, KEY, GROW, call -> setWithExpiry(call, 1));
    table.add("getset", 3, KEY, GROW_FAST, StringCommands::getSet);
    table.add("getdel", 2, KEY, WRITE_FAST, StringCommands::getDel);
    table.add("getex", -2, KEY, WRITE_FAST, StringCommands::getEx);
    table.add("mget", -2, KEYS, READ_FAST, StringCommands::mget);
    table.add("mset", -3, pairs, GROW, StringCommands::mset);
    table.add("msetnx", -3, pairs, GROW, StringCommands::msetNx);
    table.add("append", 3, KEY, GROW_FAST, StringCommands::append);
    table.add("strlen", 2, KEY, READ_FAST, StringCommands::strlen);
    table.add("getrange", 4, KEY, READ, StringCommands::getRange);
    table.add("substr", 4, KEY, READ, StringCommands::getRange);
    table.add("setrange", 4, KEY, GROW, StringCommands::setRange);
    table.add("incr", 2, KEY, GROW_FAST, call -> increment(call, 1));
    table.add("decr", 2, KEY, GROW_FAST, call -> increment(call, -1));
    table.add("incrby", 3, KEY, GROW_FAST, call -> increment(call, call.integer(2)));
    table.add("decrby", 3, KEY, GROW_FAST, StringCommands::decrBy);
    table.add("incrbyfloat", 3, KEY, GROW_FAST, StringCommands::incrByFloat);
  }

  private static void get(Call call) {
    RedisString value = call.find(call.arg(1), RedisString.class);
    call.reply().bulkOrNull(value == null ? null : value.bytes());
  }

  private static void set(Call call) {
    byte[] key = call.arg(1);
    byte[] value = call.arg(2);
    if (call.count() == 3) {
      call.db().put(key, new RedisString(value), false);
      call.changed(1);
      call.reply().ok();
      return;
    }
    boolean ifAbsent = false;
    boolean ifPresent = false;
    boolean get = false;
    boolean keepExpiry = false;
    ExpiryOption expiry = null;
    for (int i = 3; i < call.count(); i++) {
      boolean more = i + 1 < call.count();
      if (call.is(i, "NX") && !ifPresent) {
        ifAbsent = true;
      } else if (call.is(i, "XX") && !ifAbsent) {
        ifPresent = true;
      } else if (call.is(i, "GET")) {
        get = true;
      } else if (call.is(i, "KEEPTTL") && expiry == null) {
        keepExpiry = true;
      } else if (more && expiry == null && !keepExpiry && ExpiryOption.isOne(call, i)) {
        expiry = ExpiryOption.of(call, i);
        i++;
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    long expireAt = expiry == null ? KeyEntry.NO_EXPIRY : expiry.atMillis(call);
    KeyEntry old = call.db().find(key);
    RedisString oldValue = null;
    if (get && old != null) {
      oldValue = Call.cast(old, RedisString.class);
    }
    byte[] oldBytes = oldValue == null ? null : oldValue.bytes();
    if ((ifAbsent && old != null) || (ifPresent && old == null)) {
      call.reply().bulkOrNull(get ? oldBytes : null);
      return;
    }
    KeyEntry entry = call.db().put(key, new RedisString(value), keepExpiry);
    if (expireAt != KeyEntry.NO_EXPIRY) {
      call.db().expireAt(entry, expireAt);
      call.propagate(SET, key, value, PXAT, Numbers.text(expireAt));
    }
    call.changed(1);
    if (get) {
      call.reply().bulkOrNull(oldBytes);
    } else {
      call.reply().ok();
    }
  }

  private static void setNx(Call call) {
    boolean set = call.db().find(call.arg(1)) == null;
    if (set) {
      call.db().put(call.arg(1), new RedisString(call.arg(2)), false);
      call.changed(1);
    }
    call.reply().integer(set);
  }

  private static void setWithExpiry(Call call, long unitMillis) {
    long expireAt = new ExpiryOption(call.integer(2), unitMillis, false).atMillis(call);
    KeyEntry entry = call.db().put(call.arg(1), new RedisString(call.arg(3)), false);
    call.db().expireAt(entry, expireAt);
    call.changed(1);
    call.propagate(SET, call.arg(1), call.arg(3), PXAT, Numbers.text(expireAt));
    call.reply().ok();
  }

  private static void getSet(Call call) {
    RedisString old = call.find(call.arg(1), RedisString.class);
    byte[] oldBytes = old == null ? null : old.bytes();
    call.db().put(call.arg(1), new RedisString(call.arg(2)), false);
    call.changed(1);
    call.propagate(SET, call.arg(1), call.arg(2));
    call.reply().bulkOrNull(oldBytes);
  }

  private static void getDel(Call call) {
    RedisString value = call.find(call.arg(1), RedisString.class);
    call.reply().bulkOrNull(value == null ? null : value.bytes());
    if (value != null) {
      call.db().remove(call.arg(1));
      call.changed(1);
      call.propagate(DEL, call.arg(1));
    }
  }

  private static void getEx(Call call) {
    boolean persist = false;
    ExpiryOption expiry = null;
    for (int i = 2; i < call.count(); i++) {
      if (call.is(i, "PERSIST") && expiry == null) {
        persist = true;
      } else if (!persist
          && expiry == null
          && i + 1 < call.count()
          && ExpiryOption.isOne(call, i)) {
        expiry = ExpiryOption.of(call, i);
        i++;
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    byte[] key = call.arg(1);
    KeyEntry entry = call.entry(key);
    if (entry == null) {
      call.reply().nullValue();
      return;
    }
    byte[] bytes = Call.cast(entry, RedisString.class).bytes();
    long expireAt = expiry == null ? KeyEntry.NO_EXPIRY : expiry.atMillis(call);
    call.reply().bulk(bytes);
    if (persist && entry.isVolatile()) {
      call.db().expireAt(entry, KeyEntry.NO_EXPIRY);
      call.changed(1);
      call.propagate(PERSIST, key);
    } else if (expiry != null && expireAt <= call.now() && call.keyspace().removesExpired()) {
      call.db().remove(key);
      call.changed(1);
      call.propagate(DEL, key);
    } else if (expiry != null) {
      call.db().expireAt(entry, expireAt);
      call.changed(1);
      call.propagate(PEXPIREAT, key, Numbers.text(expireAt));
    }
  }

  private static void mget(Call call) {
    call.reply().array(call.count() - 1L);
    for (int i = 1; i < call.count(); i++) {
      KeyEntry entry = call.entry(call.arg(i));
      call.reply()
          .bulkOrNull(
              entry != null && entry.value() instanceof RedisString value ? value.bytes() : null);
    }
  }

  private static void mset(Call call) {
    setAll(call);
    call.reply().ok();
  }

  private static void msetNx(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      if (call.db().find(call.arg(i)) != null) {
        call.reply().integer(0);
        return;
      }
    }
    setAll(call);
    call.reply().integer(1);
  }

  private static void setAll(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      call.db().put(call.arg(i), new RedisString(call.arg(i + 1)), false);
    }
    call.changed((call.count() - 1) / 2);
  }

  private static void checkPairs(Call call) {
    if (call.count() % 2 == 0) {
      throw new CommandException(
          "ERR wrong number of arguments for '%s' command".formatted(call.command().name()));
    }
  }

  private static void append(Call call) {
    byte[] key = call.arg(1);
    byte[] tail = call.arg(2);
    RedisString value = call.findForWrite(key, RedisString.class);
    if (value == null) {
      call.db().put(key, new RedisString(tail), false);
      call.changed(1);
      call.reply().integer(tail.length);
      return;
    }
    byte[] old = value.bytes();
    checkLength((long) old.length + tail.length);
    byte[] joined = Arrays.copyOf(old, old.length + tail.length);
    System.arraycopy(tail, 0, joined, old.length, tail.length);
    value.edited(joined);
    call.changed(key);
    call.reply().integer(joined.length);
  }

  private static void strlen(Call call) {
    RedisString value = call.find(call.arg(1), RedisString.class);
    call.reply().integer(value == null ? 0 : value.bytes().length);
  }

  private static void getRange(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    RedisString value = call.find(call.arg(1), RedisString.class);
    byte[] bytes = value == null ? EMPTY : value.bytes();
    int length = bytes.length;
    if (start < 0 && end < 0 && start > end) {
      call.reply().bulk(EMPTY);
      return;
    }
    start = start < 0 ? Math.max(0, length + start) : start;
    end = end < 0 ? Math.max(0, length + end) : Math.min(end, length - 1);
    if (start > end || length == 0) {
      call.reply().bulk(EMPTY);
    } else {
      call.reply().bulk(Arrays.copyOfRange(bytes, (int) start, (int) end + 1));
    }
  }

  private static void setRange(Call call) {
    byte[] key = call.arg(1);
    long offset = call.integer(2);
    byte[] patch = call.arg(3);
    if (offset < 0) {
      throw new CommandException("ERR offset is out of range");
    }
    RedisString value = call.findForWrite(key, RedisString.class);
    byte[] old = value == null ? EMPTY : value.bytes();
    if (patch.length == 0) {
      call.reply().integer(old.length);
      return;
    }
    checkLength(offset + patch.length);
    byte[] bytes = Arrays.copyOf(old, (int) Math.max(old.length, offset + patch.length));
    System.arraycopy(patch, 0, bytes, (int) offset, patch.length);
    if (value == null) {
      call.db().put(key, new RedisString(bytes, RedisString.Origin.EDITED), false);
      call.changed(1);
    } else {
      value.edited(bytes);
      call.changed(key);
    }
    call.reply().integer(bytes.length);
  }

  private static void checkLength(long length) {
    if (length > MAX_LENGTH) {
      throw new CommandException(TOO_LONG);
    }
  }

  private static void decrBy(Call call) {
    long amount = call.integer(2);
    if (amount == Long.MIN_VALUE) {
      throw new CommandException("ERR decrement would overflow");
    }
    increment(call, -amount);
  }

  private static void increment(Call call, long amount) {
    byte[] key = call.arg(1);
    RedisString value = call.findForWrite(key, RedisString.class);
    long old = 0;
    if (value != null) {
      OptionalLong number = Numbers.parseLong(value.bytes());
      if (number.isEmpty()) {
        throw new CommandException(CommandException.NOT_INTEGER);
      }
      old = number.getAsLong();
    }
    long sum = old + amount;
    if (((old ^ sum) & (amount ^ sum)) < 0) {
      throw new CommandException("ERR increment or decrement would overflow");
    }
    if (value == null) {
      call.db().put(key, new RedisString(Numbers.text(sum)), false);
      call.changed(1);
    } else {
      value.integer(Numbers.text(sum));
      call.changed(key);
    }
    call.reply().integer(sum);
  }

  private static void incrByFloat(Call call) {
    byte[] key = call.arg(1);
    KeyEntry entry = call.db().findForWrite(key);
    RedisString value = entry == null ? null : Call.cast(entry, RedisString.class);
    BigDecimal old = value == null ? BigDecimal.ZERO : longDouble(value.bytes());
    BigDecimal sum = addFloat(old, call.arg(2));
    byte[] text = Numbers.longDoubleText(sum);
    call.db().put(key, new RedisString(text, RedisString.Origin.COMPUTED), true);
    call.changed(1);
    call.propagate(SET, key, text, KEEPTTL);
    call.reply().bulk(text);
  }

  /// `old` plus the number in `amount`.
  static BigDecimal addFloat(BigDecimal old, byte[] amount) {
    String text = new String(amount, java.nio.charset.StandardCharsets.ISO_8859_1);
    Optional<BigDecimal> number = Numbers.parseLongDouble(amount);
    if (number.isEmpty() && text.toLowerCase(java.util.Locale.ROOT).contains("inf")) {
      throw new CommandException("ERR increment would produce NaN or Infinity");
    }
    return Numbers.addLongDouble(
        old, number.orElseThrow(() -> new CommandException(CommandException.NOT_FLOAT)));
  }

  /// The number in `bytes`, which must be one.
  private static BigDecimal longDouble(byte[] bytes) {
    return Numbers.parseLongDouble(bytes)
        .orElseThrow(() -> new CommandException(CommandException.NOT_FLOAT));
  }

  /// An expiry given with a string: a number, its unit, and whether it counts from now.
  private record ExpiryOption(long amount, long unitMillis, boolean absolute) {

    static boolean isOne(Call call, int at) {
      return call.is(at, "EX") || call.is(at, "PX") || call.is(at, "EXAT") || call.is(at, "PXAT");
    }

    static ExpiryOption of(Call call, int at) {
      long unit = call.is(at, "EX") || call.is(at, "EXAT") ? 1000 : 1;
      return new ExpiryOption(call.integer(at + 1), unit, call.arg(at).length == 4);
    }

    long atMillis(Call call) {
      if (amount <= 0 || amount > Long.MAX_VALUE / unitMillis) {
        throw invalid(call);
      }
      long millis = amount * unitMillis;
      if (absolute) {
        return millis;
      }
      if (millis > Long.MAX_VALUE - call.now()) {
        throw invalid(call);
      }
      return millis + call.now();
    }

    private static CommandException invalid(Call call) {
      return new CommandException(
          "ERR invalid expire time in '%s' command".formatted(call.command().name()));
    }
  }
}
