package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Commands on the members of sorted sets; ranges, pops and set operations have classes of their
/// own.
final class SortedSetCommands {

  private static final String NAN = "ERR resulting score is not a number (NaN)";

  private SortedSetCommands() {}

  static void register(CommandTable table) {
    table.add("zadd", -4, KEY, GROW_FAST, SortedSetCommands::zadd);
    table.add("zincrby", 4, KEY, GROW_FAST, call -> zadd(call, ZaddOptions.INCREMENT));
    table.add("zrem", -3, KEY, WRITE_FAST, SortedSetCommands::zrem);
    table.add("zcard", 2, KEY, READ_FAST, SortedSetCommands::zcard);
    table.add("zscore", 3, KEY, READ_FAST, SortedSetCommands::zscore);
    table.add("zmscore", -3, KEY, READ_FAST, SortedSetCommands::zmscore);
    table.add("zrank", 3, KEY, READ_FAST, call -> rank(call, false));
    table.add("zrevrank", 3, KEY, READ_FAST, call -> rank(call, true));
    table.add("zrandmember", -2, KEY, READ, SortedSetCommands::zrandMember);
    table.add("zscan", -3, KEY, READ, SortedSetCommands::zscan);
    SortedSetRanges.register(table);
    SortedSetAlgebra.register(table);
  }

  static @Nullable RedisSortedSet read(Call call, int index) {
    return call.find(call.arg(index), RedisSortedSet.class);
  }

  /// The flags of `ZADD` and where its pairs begin.
  private record ZaddOptions(
      boolean ifAbsent,
      boolean ifPresent,
      boolean ifGreater,
      boolean ifLess,
      boolean countChanged,
      boolean increment,
      int pairsAt) {

    static final ZaddOptions INCREMENT =
        new ZaddOptions(false, false, false, false, false, true, 2);

    static ZaddOptions of(Call call) {
      boolean nx = false;
      boolean xx = false;
      boolean gt = false;
      boolean lt = false;
      boolean ch = false;
      boolean incr = false;
      int at = 2;
      for (boolean option = true; option && at < call.count(); ) {
        switch (call.word(at)) {
          case "NX" -> nx = true;
          case "XX" -> xx = true;
          case "GT" -> gt = true;
          case "LT" -> lt = true;
          case "CH" -> ch = true;
          case "INCR" -> incr = true;
          default -> option = false;
        }
        at += option ? 1 : 0;
      }
      int rest = call.count() - at;
      if (rest == 0 || rest % 2 != 0) {
        throw new CommandException(CommandException.SYNTAX);
      }
      if (nx && xx) {
        throw new CommandException("ERR XX and NX options at the same time are not compatible");
      }
      if ((gt && nx) || (lt && nx) || (gt && lt)) {
        throw new CommandException(
            "ERR GT, LT, and/or NX options at the same time are not compatible");
      }
      if (incr && rest > 2) {
        throw new CommandException("ERR INCR option supports a single increment-element pair");
      }
      return new ZaddOptions(nx, xx, gt, lt, ch, incr, at);
    }
  }

  static void zadd(Call call) {
    zadd(call, ZaddOptions.of(call));
  }

  private static void zadd(Call call, ZaddOptions options) {
    int pairs = (call.count() - options.pairsAt()) / 2;
    double[] scores = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      scores[i] = call.real(options.pairsAt() + 2 * i);
    }
    byte[] key = call.arg(1);
    RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
    boolean fresh = set == null;
    if (set == null) {
      if (options.ifPresent()) {
        replyAdded(call, options, 0, Double.NaN);
        return;
      }
      set = new RedisSortedSet();
    }
    int added = 0;
    int updated = 0;
    int touched = 0;
    double result = Double.NaN;
    for (int i = 0; i < pairs; i++) {
      byte[] name = call.arg(options.pairsAt() + 2 * i + 1);
      Member member = set.get(name);
      if (member == null ? options.ifPresent() : options.ifAbsent()) {
        continue;
      }
      double old = member == null ? 0 : member.score();
      double score = options.increment() && member != null ? old + scores[i] : scores[i];
      if (Double.isNaN(score)) {
        throw new CommandException(NAN);
      }
      if (member != null
          && ((options.ifGreater() && score <= old) || (options.ifLess() && score >= old))) {
        continue;
      }
      result = score;
      touched++;
      if (set.put(name, score, call.keyspace().limits())) {
        added++;
      } else if (score != old) {
        updated++;
      }
    }
    if (fresh && set.size() > 0) {
      call.db().put(key, set, false);
    }
    if (added + updated > 0) {
      call.changed(key, added + updated);
    }
    replyAdded(
        call,
        options,
        options.countChanged() ? added + updated : added,
        touched == 0 ? Double.NaN : result);
  }

  private static void replyAdded(Call call, ZaddOptions options, int count, double score) {
    if (!options.increment()) {
      call.reply().integer(count);
    } else if (Double.isNaN(score)) {
      call.reply().nullValue();
    } else {
      call.reply().real(score);
    }
  }

  private static void zrem(Call call) {
    byte[] key = call.arg(1);
    RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
    int removed = 0;
    if (set != null) {
      for (int i = 2; i < call.count() && set.size() > 0; i++) {
        if (set.remove(call.arg(i))) {
          removed++;
        }
      }
      removed(call, key, set, removed);
    }
    call.reply().integer(removed);
  }

  /// Counts removed members, and removes the key of an emptied set.
  static void removed(Call call, byte[] key, RedisSortedSet set, int count) {
    if (set.size() == 0) {
      call.db().remove(key);
    }
    if (count > 0) {
      call.changed(key, count);
    }
  }

  private static void zcard(Call call) {
    RedisSortedSet set = read(call, 1);
    call.reply().integer(set == null ? 0 : set.size());
  }

  private static void zscore(Call call) {
    replyScore(call, read(call, 1), call.arg(2));
  }

  private static void zmscore(Call call) {
    RedisSortedSet set = read(call, 1);
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      replyScore(call, set, call.arg(i));
    }
  }

  private static void replyScore(Call call, @Nullable RedisSortedSet set, byte[] name) {
    Member member = set == null ? null : set.get(name);
    if (member == null) {
      call.reply().nullValue();
    } else {
      call.reply().real(member.score());
    }
  }

  private static void rank(Call call, boolean reverse) {
    RedisSortedSet set = read(call, 1);
    Member member = set == null ? null : set.get(call.arg(2));
    if (set == null || member == null) {
      call.reply().nullValue();
      return;
    }
    int rank = set.rankOf(member);
    call.reply().integer(reverse ? set.size() - 1 - rank : rank);
  }

  private static void zrandMember(Call call) {
    if (call.count() == 2) {
      RedisSortedSet set = read(call, 1);
      call.reply().bulkOrNull(set == null ? null : set.random(call.keyspace().random()).name());
      return;
    }
    RandomCount wanted = RandomCount.of(call, "WITHSCORES");
    RedisSortedSet set = read(call, 1);
    List<Member> chosen = new ArrayList<>();
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
    replyMembers(call, chosen, wanted.withValues());
  }

  /// Writes members, with their scores as pairs in RESP3 and in one row in RESP2.
  static void replyMembers(Call call, List<Member> members, boolean withScores) {
    ReplyBuffer reply = call.reply();
    boolean pairs = withScores && reply.protocol() == 3;
    reply.array(withScores && !pairs ? members.size() * 2L : members.size());
    for (Member member : members) {
      if (pairs) {
        reply.array(2);
      }
      reply.bulk(member.name());
      if (withScores) {
        reply.real(member.score());
      }
    }
  }

  private static void zscan(Call call) {
    ScanOptions.cursor(call.arg(2)); // refused before the key is looked at, other options after
    RedisSortedSet set = read(call, 1);
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
              if (options.accepts(member.name())) {
                found.add(member.name());
                found.add(member.scoreText());
              }
            });
    ScanOptions.reply(call, next, found);
  }
}
