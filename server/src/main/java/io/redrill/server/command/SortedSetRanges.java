package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.ListCommands.Span;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.util.ArrayList;
import java.util.List;

/// Commands that read, count, store or remove a stretch of a sorted set.
final class SortedSetRanges {

  private enum By {
    RANK,
    SCORE,
    LEX
  }

  private SortedSetRanges() {}

  static void register(CommandTable table) {
    KeyPositions two = new KeyPositions(1, 2, 1);
    table.add("zrange", -4, KEY, READ, call -> reply(call, Query.of(call, 1, null, false)));
    table.add("zrangestore", -5, two, GROW, call -> store(call, Query.of(call, 2, null, false)));
    table.add("zrevrange", -4, KEY, READ, call -> reply(call, Query.of(call, 1, By.RANK, true)));
    table.add(
        "zrangebyscore", -4, KEY, READ, call -> reply(call, Query.of(call, 1, By.SCORE, false)));
    table.add(
        "zrevrangebyscore", -4, KEY, READ, call -> reply(call, Query.of(call, 1, By.SCORE, true)));
    table.add("zrangebylex", -4, KEY, READ, call -> reply(call, Query.of(call, 1, By.LEX, false)));
    table.add(
        "zrevrangebylex", -4, KEY, READ, call -> reply(call, Query.of(call, 1, By.LEX, true)));
    table.add("zcount", 4, KEY, READ_FAST, call -> count(call, By.SCORE));
    table.add("zlexcount", 4, KEY, READ_FAST, call -> count(call, By.LEX));
    table.add("zremrangebyrank", 4, KEY, WRITE, call -> remove(call, By.RANK));
    table.add("zremrangebyscore", 4, KEY, WRITE, call -> remove(call, By.SCORE));
    table.add("zremrangebylex", 4, KEY, WRITE, call -> remove(call, By.LEX));
    table.add("zpopmin", -2, KEY, WRITE_FAST, call -> SortedSetPops.pop(call, true));
    table.add("zpopmax", -2, KEY, WRITE_FAST, call -> SortedSetPops.pop(call, false));
    table.add("zmpop", -4, NONE, WRITE, SortedSetPops::zmpop);
  }

  /// What a command of the ZRANGE family asks for.
  private record Query(
      int keyAt,
      SortedSetBounds bounds,
      boolean reverse,
      boolean withScores,
      long offset,
      long limit) {

    /// Reads key, limits and options from argument `at` on. The order is given by the options if
    /// `fixed` is null.
    static Query of(
        Call call, int at, @org.jspecify.annotations.Nullable By fixed, boolean fixedReverse) {
      By by = fixed == null ? By.RANK : fixed;
      boolean reverse = fixedReverse;
      boolean withScores = false;
      boolean limited = false;
      boolean store = at == 2;
      long offset = 0;
      long limit = -1;
      for (int i = at + 3; i < call.count(); i++) {
        if (!store && call.is(i, "WITHSCORES")) {
          withScores = true;
        } else if (call.is(i, "LIMIT") && i + 2 < call.count()) {
          offset = call.integer(i + 1);
          limit = call.integer(i + 2);
          limited = true;
          i += 2;
        } else if (fixed == null && call.is(i, "REV")) {
          reverse = true;
        } else if (fixed == null && call.is(i, "BYSCORE")) {
          by = By.SCORE;
        } else if (fixed == null && call.is(i, "BYLEX")) {
          by = By.LEX;
        } else {
          throw new CommandException(CommandException.SYNTAX);
        }
      }
      if (limited && by == By.RANK) {
        throw new CommandException(
            "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or"
                + " BYLEX");
      }
      if (withScores && by == By.LEX) {
        throw new CommandException(
            "ERR syntax error, WITHSCORES not supported in combination with BYLEX");
      }
      return new Query(at, boundsOf(call, at + 1, by, reverse), reverse, withScores, offset, limit);
    }

    /// The members in the order asked for.
    List<Member> run(RedisSortedSet set) {
      Span span = bounds.in(set);
      List<Member> found = new ArrayList<>();
      if (offset < 0 || offset >= span.count()) {
        return found;
      }
      long left = span.count() - offset;
      left = limit < 0 ? left : Math.min(left, limit);
      int rank =
          reverse ? span.from() + span.count() - 1 - (int) offset : span.from() + (int) offset;
      Member member = left > 0 ? set.at(rank) : null;
      while (member != null && left-- > 0) {
        found.add(member);
        member = reverse ? set.before(member) : set.after(member);
      }
      return found;
    }
  }

  private static SortedSetBounds boundsOf(Call call, int at, By by, boolean reverse) {
    byte[] low = call.arg(by != By.RANK && reverse ? at + 1 : at);
    byte[] high = call.arg(by != By.RANK && reverse ? at : at + 1);
    return switch (by) {
      case RANK -> SortedSetBounds.byRank(call.integer(at), call.integer(at + 1), reverse);
      case SCORE -> SortedSetBounds.byScore(low, high);
      case LEX -> SortedSetBounds.byLex(low, high);
    };
  }

  private static void reply(Call call, Query query) {
    RedisSortedSet set = SortedSetCommands.read(call, query.keyAt());
    List<Member> found = set == null ? List.of() : query.run(set);
    SortedSetCommands.replyMembers(call, found, query.withScores());
  }

  private static void store(Call call, Query query) {
    RedisSortedSet set = SortedSetCommands.read(call, query.keyAt());
    RedisSortedSet result = new RedisSortedSet();
    if (set != null) {
      for (Member member : query.run(set)) {
        result.put(member.name(), member.score(), call.keyspace().limits());
      }
    }
    storeResult(call, result);
  }

  /// Puts a result under the key in argument 1, or removes that key if the result is empty, and
  /// answers its size.
  static void storeResult(Call call, RedisSortedSet result) {
    storeResult(call, call.arg(1), result);
  }

  /// As above, under `key`.
  static void storeResult(Call call, byte[] key, RedisSortedSet result) {
    if (result.size() > 0) {
      call.db().put(key, result, false);
      call.changed(1);
    } else if (call.db().remove(key) != null) {
      call.changed(1);
    }
    call.reply().integer(result.size());
  }

  private static void count(Call call, By by) {
    SortedSetBounds bounds = boundsOf(call, 2, by, false);
    RedisSortedSet set = SortedSetCommands.read(call, 1);
    call.reply().integer(set == null ? 0 : bounds.in(set).count());
  }

  private static void remove(Call call, By by) {
    SortedSetBounds bounds = boundsOf(call, 2, by, false);
    byte[] key = call.arg(1);
    RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
    int removed = 0;
    if (set != null) {
      Span span = bounds.in(set);
      removed = span.count();
      set.removeRange(span.from(), removed);
      SortedSetCommands.removed(call, key, set, removed);
    }
    call.reply().integer(removed);
  }
}
