package io.redrill.server.command;

import static io.redrill.server.command.Commands.BLOCK;
import static io.redrill.server.command.Commands.NONE;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisSortedSet.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Commands that take the lowest or highest members of a sorted set, at once or when there are
/// some.
final class SortedSetPops {

  private static final byte[] ZPOPMIN = Call.bytes("ZPOPMIN");
  private static final byte[] ZPOPMAX = Call.bytes("ZPOPMAX");

  private final Dispatcher dispatcher;

  SortedSetPops(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  void register(CommandTable table) {
    KeyPositions allButLast = new KeyPositions(1, -2, 1);
    table.add("bzpopmin", -3, allButLast, BLOCK, call -> blockingPop(call, true));
    table.add("bzpopmax", -3, allButLast, BLOCK, call -> blockingPop(call, false));
    table.add("bzmpop", -5, NONE, BLOCK, this::bzmpop);
  }

  static void pop(Call call, boolean lowest) {
    if (call.count() > 3) {
      throw new CommandException(CommandException.SYNTAX);
    }
    boolean counted = call.count() == 3;
    long count =
        counted
            ? call.integer(2, 0, Long.MAX_VALUE, "ERR value is out of range, must be positive")
            : 1;
    byte[] key = call.arg(1);
    RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
    List<Member> taken = set == null ? List.of() : take(call, key, set, lowest, count);
    ReplyBuffer reply = call.reply();
    boolean pairs = counted && reply.protocol() == 3;
    reply.array(pairs ? taken.size() : taken.size() * 2L);
    for (Member member : taken) {
      if (pairs) {
        reply.array(2);
      }
      reply.bulk(member.name());
      reply.real(member.score());
    }
  }

  private static List<Member> take(
      Call call, byte[] key, RedisSortedSet set, boolean lowest, long count) {
    List<Member> taken = new ArrayList<>();
    while (taken.size() < count && set.size() > 0) {
      Member member = set.at(lowest ? 0 : set.size() - 1);
      set.remove(member.name());
      taken.add(member);
    }
    SortedSetCommands.removed(call, key, set, taken.size());
    return taken;
  }

  /// What `ZMPOP` asks for.
  private record MultiPop(List<byte[]> keys, boolean lowest, long count) {

    static MultiPop of(Call call, int at) {
      long numKeys = call.integer(at, 1, Integer.MAX_VALUE, "ERR numkeys should be greater than 0");
      if (at + numKeys + 1 >= call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      int where = at + 1 + (int) numKeys;
      boolean lowest = call.is(where, "MIN");
      if (!lowest && !call.is(where, "MAX")) {
        throw new CommandException(CommandException.SYNTAX);
      }
      long count = 1;
      if (call.count() > where + 1) {
        if (call.count() < where + 3 || !call.is(where + 1, "COUNT")) {
          throw new CommandException(CommandException.SYNTAX);
        }
        count = call.integer(where + 2, 1, Long.MAX_VALUE, "ERR count should be greater than 0");
        if (call.count() > where + 3) {
          throw new CommandException(CommandException.SYNTAX);
        }
      }
      return new MultiPop(List.of(Arrays.copyOfRange(call.args(), at + 1, where)), lowest, count);
    }

    boolean run(Call call) {
      for (byte[] key : keys) {
        if (run(call, key)) {
          return true;
        }
      }
      return false;
    }

    boolean run(Call call, byte[] key) {
      RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
      if (set == null) {
        return false;
      }
      List<Member> taken = take(call, key, set, lowest, count);
      call.propagate(lowest ? ZPOPMIN : ZPOPMAX, key, Numbers.text(taken.size()));
      ReplyBuffer reply = call.reply();
      reply.array(2);
      reply.bulk(key);
      reply.array(taken.size());
      for (Member member : taken) {
        reply.array(2);
        reply.bulk(member.name());
        reply.real(member.score());
      }
      return true;
    }
  }

  static void zmpop(Call call) {
    if (!MultiPop.of(call, 1).run(call)) {
      call.reply().nullArray();
    }
  }

  private void bzmpop(Call call) {
    long until = BlockingTimeout.untilMillis(call, 1);
    MultiPop pop = MultiPop.of(call, 2);
    if (!pop.run(call)) {
      dispatcher.blockOrGiveUp(
          call,
          pop.keys(),
          until,
          RedisSortedSet.class,
          key -> pop.run(call, key),
          call.reply()::nullArray);
    }
  }

  private void blockingPop(Call call, boolean lowest) {
    long until = BlockingTimeout.untilMillis(call, call.count() - 1);
    List<byte[]> keys = List.of(Arrays.copyOfRange(call.args(), 1, call.count() - 1));
    for (byte[] key : keys) {
      if (popFrom(call, key, lowest)) {
        return;
      }
    }
    dispatcher.blockOrGiveUp(
        call,
        keys,
        until,
        RedisSortedSet.class,
        key -> popFrom(call, key, lowest),
        call.reply()::nullArray);
  }

  private static boolean popFrom(Call call, byte[] key, boolean lowest) {
    RedisSortedSet set = call.findForWrite(key, RedisSortedSet.class);
    if (set == null) {
      return false;
    }
    Member member = take(call, key, set, lowest, 1).getFirst();
    call.propagate(lowest ? ZPOPMIN : ZPOPMAX, key);
    call.reply().array(3);
    call.reply().bulk(key);
    call.reply().bulk(member.name());
    call.reply().real(member.score());
    return true;
  }
}
