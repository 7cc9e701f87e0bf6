package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.type.RedisSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Commands on sets.
final class SetCommands {

  private static final byte[] SREM = Call.bytes("SREM");
  private static final byte[] DEL = Call.bytes("DEL");

  /// One `SREM` as an effect names at most this many members.
  private static final int EFFECT_MEMBERS = 1024;

  private SetCommands() {}

  static void register(CommandTable table) {
    table.add("sadd", -3, KEY, GROW_FAST, SetCommands::sadd);
    table.add("srem", -3, KEY, WRITE_FAST, SetCommands::srem);
    table.add("scard", 2, KEY, READ_FAST, SetCommands::scard);
    table.add("sismember", 3, KEY, READ_FAST, SetCommands::sisMember);
    table.add("smismember", -3, KEY, READ_FAST, SetCommands::smisMember);
    table.add("smembers", 2, KEY, READ, SetCommands::smembers);
    table.add("spop", -2, KEY, WRITE_FAST, SetCommands::spop);
    table.add("srandmember", -2, KEY, READ, SetCommands::srandMember);
    table.add("smove", 4, new KeyPositions(1, 2, 1), WRITE_FAST, SetCommands::smove);
    table.add(
        "sinter",
        -2,
        KEYS,
        READ,
        call -> reply(call, intersect(sets(call, 1, call.count()), Long.MAX_VALUE)));
    table.add(
        "sunion", -2, KEYS, READ, call -> reply(call, unite(call, sets(call, 1, call.count()))));
    table.add("sdiff", -2, KEYS, READ, call -> reply(call, subtract(sets(call, 1, call.count()))));
    table.add(
        "sinterstore",
        -3,
        KEYS,
        GROW,
        call -> store(call, intersect(sets(call, 2, call.count()), Long.MAX_VALUE)));
    table.add(
        "sunionstore",
        -3,
        KEYS,
        GROW,
        call -> store(call, unite(call, sets(call, 2, call.count()))));
    table.add(
        "sdiffstore", -3, KEYS, GROW, call -> store(call, subtract(sets(call, 2, call.count()))));
    table.add("sintercard", -3, NONE, READ, SetCommands::sinterCard);
    table.add("sscan", -3, KEY, READ, SetCommands::sscan);
  }

  private static @Nullable RedisSet read(Call call) {
    return call.find(call.arg(1), RedisSet.class);
  }

  private static void sadd(Call call) {
    RedisSet set = call.findForWrite(call.arg(1), RedisSet.class);
    if (set == null) {
      set = new RedisSet();
      call.db().put(call.arg(1), set, false);
    }
    int added = 0;
    for (int i = 2; i < call.count(); i++) {
      if (set.add(call.arg(i), call.keyspace().limits())) {
        added++;
      }
    }
    if (added > 0) {
      call.changed(call.arg(1), added);
    }
    call.reply().integer(added);
  }

  private static void srem(Call call) {
    RedisSet set = call.findForWrite(call.arg(1), RedisSet.class);
    int removed = 0;
    if (set != null) {
      for (int i = 2; i < call.count() && set.size() > 0; i++) {
        if (set.remove(call.arg(i))) {
          removed++;
        }
      }
      removeIfEmpty(call, call.arg(1), set);
    }
    if (removed > 0) {
      call.changed(call.arg(1), removed);
    }
    call.reply().integer(removed);
  }

  private static void removeIfEmpty(Call call, byte[] key, RedisSet set) {
    if (set.size() == 0) {
      call.db().remove(key);
    }
  }

  private static void scard(Call call) {
    RedisSet set = read(call);
    call.reply().integer(set == null ? 0 : set.size());
  }

  private static void sisMember(Call call) {
    RedisSet set = read(call);
    call.reply().integer(set != null && set.contains(call.arg(2)));
  }

  private static void smisMember(Call call) {
    RedisSet set = read(call);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      call.reply().integer(set != null && set.contains(call.arg(i)));
    }
  }

  private static void smembers(Call call) {
    RedisSet set = read(call);
    call.reply().set(set == null ? 0 : set.size());
    if (set != null) {
      set.forEach(call.reply()::bulk);
    }
  }

  private static void spop(Call call) {
    if (call.count() > 3) {
      throw new CommandException(CommandException.SYNTAX);
    }
    byte[] key = call.arg(1);
    if (call.count() == 3) {
      spopSome(call, key);
      return;
    }
    RedisSet set = call.findForWrite(key, RedisSet.class);
    if (set == null) {
      call.reply().nullValue();
      return;
    }
    byte[] member = set.random(call.keyspace().random());
    set.remove(member);
    removeIfEmpty(call, key, set);
    call.changed(key);
    call.propagate(SREM, key, member);
    call.reply().bulk(member);
  }

  private static void spopSome(Call call, byte[] key) {
    long count = call.integer(2, 0, Long.MAX_VALUE, "ERR value is out of range, must be positive");
    RedisSet set = call.findForWrite(key, RedisSet.class);
    if (set == null || count == 0) {
      call.reply().set(0);
      return;
    }
    List<byte[]> chosen = new ArrayList<>();
    if (count >= set.size()) {
      set.forEach(chosen::add);
      call.db().remove(key);
      call.propagate(DEL, key);
    } else {
      for (long i = 0; i < count; i++) {
        byte[] member = set.random(call.keyspace().random());
        set.remove(member);
        chosen.add(member);
      }
      for (int from = 0; from < chosen.size(); from += EFFECT_MEMBERS) {
        List<byte[]> effect = new ArrayList<>(List.of(SREM, key));
        effect.addAll(chosen.subList(from, Math.min(chosen.size(), from + EFFECT_MEMBERS)));
        call.propagate(effect.toArray(new byte[0][]));
      }
    }
    call.changed(key, chosen.size());
    call.reply().set(chosen.size());
    chosen.forEach(call.reply()::bulk);
  }

  private static void srandMember(Call call) {
    if (call.count() > 3) {
      throw new CommandException(CommandException.SYNTAX);
    }
    if (call.count() == 2) {
      RedisSet set = read(call);
      call.reply().bulkOrNull(set == null ? null : set.random(call.keyspace().random()));
      return;
    }
    RandomCount wanted = RandomCount.of(call, "");
    RedisSet set = read(call);
    List<byte[]> chosen = new ArrayList<>();
    if (set != null && wanted.repeats()) {
      for (long i = 0; i < wanted.count(); i++) {
        chosen.add(set.random(call.keyspace().random()));
      }
    } else if (set != null) {
      set.forEach(chosen::add);
      if (wanted.count() < chosen.size()) {
        Collections.shuffle(chosen, Random.from(call.keyspace().random()));
        chosen.subList((int) wanted.count(), chosen.size()).clear();
      }
    }
    call.reply().array(chosen.size());
    chosen.forEach(call.reply()::bulk);
  }

  private static void smove(Call call) {
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    byte[] member = call.arg(3);
    RedisSet source = call.findForWrite(from, RedisSet.class);
    if (source == null) {
      call.reply().integer(0);
      return;
    }
    RedisSet target = call.findForWrite(to, RedisSet.class);
    if (source == target) {
      call.reply().integer(source.contains(member));
      return;
    }
    if (!source.remove(member)) {
      call.reply().integer(0);
      return;
    }
    removeIfEmpty(call, from, source);
    if (target == null) {
      target = new RedisSet();
      call.db().put(to, target, false);
    }
    call.changed(from);
    if (target.add(member, call.keyspace().limits())) {
      call.changed(to);
    }
    call.reply().integer(1);
  }

  /// The sets of some arguments; null stands for a key that does not exist.
  private static List<@Nullable RedisSet> sets(Call call, int from, int to) {
    List<@Nullable RedisSet> sets = new ArrayList<>();
    for (int i = from; i < to; i++) {
      sets.add(call.find(call.arg(i), RedisSet.class));
    }
    return sets;
  }

  private static List<byte[]> intersect(List<@Nullable RedisSet> sets, long limit) {
    List<byte[]> common = new ArrayList<>();
    RedisSet smallest = null;
    for (RedisSet set : sets) {
      if (set == null) {
        return common;
      }
      if (smallest == null || set.size() < smallest.size()) {
        smallest = set;
      }
    }
    if (smallest == null) {
      return common;
    }
    for (byte[] member : smallest) {
      boolean everywhere = true;
      for (RedisSet set : sets) {
        everywhere &= set == null || set == smallest || set.contains(member);
      }
      if (everywhere) {
        common.add(member);
        if (common.size() == limit) {
          break;
        }
      }
    }
    return common;
  }

  private static List<byte[]> unite(Call call, List<@Nullable RedisSet> sets) {
    RedisSet seen = new RedisSet();
    List<byte[]> all = new ArrayList<>();
    for (RedisSet set : sets) {
      if (set != null) {
        for (byte[] member : set) {
          if (seen.add(member, call.keyspace().limits())) {
            all.add(member);
          }
        }
      }
    }
    return all;
  }

  private static List<byte[]> subtract(List<@Nullable RedisSet> sets) {
    List<byte[]> rest = new ArrayList<>();
    RedisSet first = sets.getFirst();
    if (first == null) {
      return rest;
    }
    for (byte[] member : first) {
      boolean elsewhere = false;
      for (int i = 1; i < sets.size() && !elsewhere; i++) {
        RedisSet other = sets.get(i);
        elsewhere = other != null && other.contains(member);
      }
      if (!elsewhere) {
        rest.add(member);
      }
    }
    return rest;
  }

  private static void reply(Call call, List<byte[]> members) {
    call.reply().set(members.size());
    members.forEach(call.reply()::bulk);
  }

  private static void store(Call call, List<byte[]> members) {
    byte[] key = call.arg(1);
    if (members.isEmpty()) {
      if (call.db().remove(key) != null) {
        call.changed(1);
      }
    } else {
      RedisSet set = new RedisSet();
      for (byte[] member : members) {
        set.add(member, call.keyspace().limits());
      }
      call.db().put(key, set, false);
      call.changed(1);
    }
    call.reply().integer(members.size());
  }

  private static void sinterCard(Call call) {
    long keys = call.integer(1, 1, Long.MAX_VALUE, "ERR numkeys should be greater than 0");
    if (keys > call.count() - 2) {
      throw new CommandException("ERR Number of keys can't be greater than number of args");
    }
    int end = 2 + (int) keys;
    long limit = 0;
    for (int i = end; i < call.count(); i += 2) {
      if (!call.is(i, "LIMIT") || i + 1 >= call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      limit = call.integer(i + 1, 0, Long.MAX_VALUE, "ERR LIMIT can't be negative");
    }
    call.reply().integer(intersect(sets(call, 2, end), limit == 0 ? Long.MAX_VALUE : limit).size());
  }

  private static void sscan(Call call) {
    ScanOptions.cursor(call.arg(2)); // refused before the key is looked at, other options after
    RedisSet set = read(call);
    if (set == null) {
      ScanOptions.replyNothing(call);
      return;
    }
    ScanOptions options = ScanOptions.of(call, 2, false);
    List<byte[]> found = new ArrayList<>();
    long next =
        set.scan(
            options.cursor(),
            options.count(),
            member -> {
              if (options.accepts(member)) {
                found.add(member);
              }
            });
    ScanOptions.reply(call, next, found);
  }
}
