package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisHash;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Commands on hashes.
final class HashCommands {

  private static final byte[] HSET = Call.bytes("HSET");

  private HashCommands() {}

  static void register(CommandTable table) {
    table.add("hset", -4, KEY, GROW_FAST, HashCommands::hset);
    table.add("hmset", -4, KEY, GROW_FAST, HashCommands::hset);
    table.add("hsetnx", 4, KEY, GROW_FAST, HashCommands::hsetNx);
    table.add("hget", 3, KEY, READ_FAST, HashCommands::hget);
    table.add("hmget", -3, KEY, READ_FAST, HashCommands::hmget);
    table.add("hdel", -3, KEY, WRITE_FAST, HashCommands::hdel);
    table.add("hlen", 2, KEY, READ_FAST, HashCommands::hlen);
    table.add("hstrlen", 3, KEY, READ_FAST, HashCommands::hstrlen);
    table.add("hexists", 3, KEY, READ_FAST, HashCommands::hexists);
    table.add("hincrby", 4, KEY, GROW_FAST, HashCommands::hincrBy);
    table.add("hincrbyfloat", 4, KEY, GROW_FAST, HashCommands::hincrByFloat);
    table.add("hkeys", 2, KEY, READ, call -> all(call, true, false));
    table.add("hvals", 2, KEY, READ, call -> all(call, false, true));
    table.add("hgetall", 2, KEY, READ, call -> all(call, true, true));
    table.add("hrandfield", -2, KEY, READ, HashCommands::hrandField);
    table.add("hscan", -3, KEY, READ, HashCommands::hscan);
  }

  private static RedisHash forWrite(Call call) {
    RedisHash hash = call.findForWrite(call.arg(1), RedisHash.class);
    if (hash == null) {
      hash = new RedisHash();
      call.db().put(call.arg(1), hash, false);
    }
    return hash;
  }

  private static @Nullable RedisHash read(Call call) {
    return call.find(call.arg(1), RedisHash.class);
  }

  private static void hset(Call call) {
    if (call.count() % 2 != 0) {
      throw new CommandException(
          "ERR wrong number of arguments for '%s' command".formatted(call.command().name()));
    }
    RedisHash hash = forWrite(call);
    int added = 0;
    for (int i = 2; i < call.count(); i += 2) {
      if (hash.put(call.arg(i), call.arg(i + 1), call.keyspace().limits())) {
        added++;
      }
    }
    call.changed(call.arg(1), (call.count() - 2) / 2);
    if (call.command().name().equals("hmset")) {
      call.reply().ok();
    } else {
      call.reply().integer(added);
    }
  }

  private static void hsetNx(Call call) {
    RedisHash hash = forWrite(call);
    boolean absent = hash.get(call.arg(2)) == null;
    if (absent) {
      hash.put(call.arg(2), call.arg(3), call.keyspace().limits());
      call.changed(call.arg(1));
    }
    call.reply().integer(absent);
  }

  private static void hget(Call call) {
    RedisHash hash = read(call);
    call.reply().bulkOrNull(hash == null ? null : hash.get(call.arg(2)));
  }

  private static void hmget(Call call) {
    RedisHash hash = read(call);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      call.reply().bulkOrNull(hash == null ? null : hash.get(call.arg(i)));
    }
  }

  private static void hdel(Call call) {
    RedisHash hash = call.findForWrite(call.arg(1), RedisHash.class);
    int removed = 0;
    if (hash != null) {
      for (int i = 2; i < call.count() && hash.size() > 0; i++) {
        if (hash.remove(call.arg(i))) {
          removed++;
        }
      }
      if (hash.size() == 0) {
        call.db().remove(call.arg(1));
      }
    }
    if (removed > 0) {
      call.changed(call.arg(1), removed);
    }
    call.reply().integer(removed);
  }

  private static void hlen(Call call) {
    RedisHash hash = read(call);
    call.reply().integer(hash == null ? 0 : hash.size());
  }

  private static void hstrlen(Call call) {
    RedisHash hash = read(call);
    byte[] value = hash == null ? null : hash.get(call.arg(2));
    call.reply().integer(value == null ? 0 : value.length);
  }

  private static void hexists(Call call) {
    RedisHash hash = read(call);
    call.reply().integer(hash != null && hash.get(call.arg(2)) != null);
  }

  private static void hincrBy(Call call) {
    long amount = call.integer(3);
    RedisHash present = call.findForWrite(call.arg(1), RedisHash.class);
    byte[] text = present == null ? null : present.get(call.arg(2));
    long old = 0;
    if (text != null) {
      old =
          Numbers.parseLong(text)
              .orElseThrow(() -> new CommandException("ERR hash value is not an integer"));
    }
    long sum = old + amount;
    if (((old ^ sum) & (amount ^ sum)) < 0) {
      throw new CommandException("ERR increment or decrement would overflow");
    }
    forWrite(call).put(call.arg(2), Numbers.text(sum), call.keyspace().limits());
    call.changed(call.arg(1));
    call.reply().integer(sum);
  }

  private static void hincrByFloat(Call call) {
    // Refused before anything else.
    if (Double.isInfinite(call.real(3))) {
      throw new CommandException("ERR value is NaN or Infinity");
    }
    RedisHash present = call.findForWrite(call.arg(1), RedisHash.class);
    byte[] text = present == null ? null : present.get(call.arg(2));
    BigDecimal old = BigDecimal.ZERO;
    if (text != null) {
      old =
          Numbers.parseLongDouble(text)
              .orElseThrow(() -> new CommandException("ERR hash value is not a float"));
    }
    byte[] sum = Numbers.longDoubleText(StringCommands.addFloat(old, call.arg(3)));
    forWrite(call).put(call.arg(2), sum, call.keyspace().limits());
    call.changed(call.arg(1));
    call.propagate(HSET, call.arg(1), call.arg(2), sum);
    call.reply().bulk(sum);
  }

  private static void all(Call call, boolean names, boolean values) {
    RedisHash hash = read(call);
    ReplyBuffer reply = call.reply();
    int size = hash == null ? 0 : hash.size();
    if (names && values) {
      reply.map(size);
    } else {
      reply.array(size);
    }
    if (hash != null) {
      hash.forEach((name, value) -> {
        if (names) {
          reply.bulk(name);
        }
        if (values) {
          reply.bulk(value);
        }
      });
    }
  }

  private static void hrandField(Call call) {
    if (call.count() == 2) {
      RedisHash hash = read(call);
      call.reply().bulkOrNull(hash == null ? null : hash.random(call.keyspace().random()));
      return;
    }
    RandomCount wanted = RandomCount.of(call, "WITHVALUES");
    RedisHash hash = read(call);
    if (hash == null) {
      call.reply().array(0);
      return;
    }
    List<byte[]> names = new ArrayList<>();
    if (wanted.repeats()) {
      for (long i = 0; i < wanted.count(); i++) {
        names.add(hash.random(call.keyspace().random()));
      }
    } else {
      hash.forEach((name, value) -> names.add(name));
      if (wanted.count() < names.size()) {
        Collections.shuffle(names, Random.from(call.keyspace().random()));
        names.subList((int) wanted.count(), names.size()).clear();
      }
    }
    ReplyBuffer reply = call.reply();
    boolean pairs = wanted.withValues() && reply.protocol() == 3;
    reply.array(wanted.withValues() && !pairs ? names.size() * 2L : names.size());
    for (byte[] name : names) {
      if (pairs) {
        reply.array(2);
      }
      reply.bulk(name);
      if (wanted.withValues()) {
        reply.bulkOrNull(hash.get(name));
      }
    }
  }

  private static void hscan(Call call) {
    ScanOptions.cursor(call.arg(2)); // refused before the key is looked at, other options after
    RedisHash hash = read(call);
    if (hash == null) {
      ScanOptions.replyNothing(call);
      return;
    }
    ScanOptions options = ScanOptions.of(call, 2, false);
    List<byte[]> found = new ArrayList<>();
    long next =
        hash.scan(
            options.cursor(),
            options.count(),
            (name, value) -> {
              if (options.accepts(name)) {
                found.add(name);
                found.add(value);
              }
            });
    ScanOptions.reply(call, next, found);
  }
}
