package io.redrill.server.command;

import static io.redrill.server.command.Commands.BLOCK;
import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;
import static io.redrill.server.command.Commands.WRITE;
import static io.redrill.server.command.Commands.WRITE_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Commands on lists, those that wait for an element included.
final class ListCommands {

  private static final byte[] LPOP = Call.bytes("LPOP");
  private static final byte[] RPOP = Call.bytes("RPOP");
  private static final byte[] LMOVE = Call.bytes("LMOVE");
  private static final byte[] LEFT = Call.bytes("LEFT");
  private static final byte[] RIGHT = Call.bytes("RIGHT");
  private static final KeyPositions TWO = new KeyPositions(1, 2, 1);
  private static final KeyPositions ALL_BUT_LAST = new KeyPositions(1, -2, 1);

  private final Dispatcher dispatcher;

  ListCommands(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  void register(CommandTable table) {
    table.add("lpush", -3, KEY, GROW_FAST, call -> push(call, true, false));
    table.add("rpush", -3, KEY, GROW_FAST, call -> push(call, false, false));
    table.add("lpushx", -3, KEY, GROW_FAST, call -> push(call, true, true));
    table.add("rpushx", -3, KEY, GROW_FAST, call -> push(call, false, true));
    table.add("lpop", -2, KEY, WRITE_FAST, call -> pop(call, true));
    table.add("rpop", -2, KEY, WRITE_FAST, call -> pop(call, false));
    table.add("llen", 2, KEY, READ_FAST, ListCommands::llen);
    table.add("lindex", 3, KEY, READ, ListCommands::lindex);
    table.add("lset", 4, KEY, GROW, ListCommands::lset);
    table.add("lrange", 4, KEY, READ, ListCommands::lrange);
    table.add("ltrim", 4, KEY, WRITE, ListCommands::ltrim);
    table.add("lrem", 4, KEY, WRITE, ListCommands::lrem);
    table.add("linsert", 5, KEY, GROW, ListCommands::linsert);
    table.add("lpos", -3, KEY, READ, ListCommands::lpos);
    table.add("lmove", 5, TWO, GROW, ListCommands::lmove);
    table.add("rpoplpush", 3, TWO, GROW, call -> move(call, call.arg(1), call.arg(2), false, true));
    table.add("lmpop", -4, NONE, WRITE, call -> lmpop(call, 1));
    table.add("blpop", -3, ALL_BUT_LAST, BLOCK, call -> blockingPop(call, true));
    table.add("brpop", -3, ALL_BUT_LAST, BLOCK, call -> blockingPop(call, false));
    table.add("blmove", 6, TWO, BLOCK, this::blmove);
    table.add("brpoplpush", 4, TWO, BLOCK, this::brpopLpush);
    table.add("blmpop", -5, NONE, BLOCK, this::blmpop);
  }

  private static @Nullable RedisList read(Call call) {
    return call.find(call.arg(1), RedisList.class);
  }

  private static void push(Call call, boolean atHead, boolean onlyExisting) {
    byte[] key = call.arg(1);
    RedisList list = call.findForWrite(key, RedisList.class);
    if (list == null) {
      if (onlyExisting) {
        call.reply().integer(0);
        return;
      }
      list = new RedisList();
      call.db().put(key, list, false);
    }
    for (int i = 2; i < call.count(); i++) {
      if (atHead) {
        list.addFirst(call.arg(i), call.keyspace().limits());
      } else {
        list.addLast(call.arg(i), call.keyspace().limits());
      }
    }
    call.changed(key, call.count() - 2);
    call.reply().integer(list.size());
  }

  private static void pop(Call call, boolean fromHead) {
    if (call.count() > 3) {
      throw new CommandException(
          "ERR wrong number of arguments for '%s' command".formatted(call.command().name()));
    }
    byte[] key = call.arg(1);
    boolean counted = call.count() == 3;
    long count =
        counted
            ? call.integer(2, 0, Long.MAX_VALUE, "ERR value is out of range, must be positive")
            : 1;
    RedisList list = call.findForWrite(key, RedisList.class);
    if (list == null) {
      if (counted) {
        call.reply().nullArray();
      } else {
        call.reply().nullValue();
      }
      return;
    }
    if (!counted) {
      byte[] element = take(list, fromHead);
      removed(call, key, list, 1);
      call.reply().bulk(element);
      return;
    }
    replyTaken(call, key, list, fromHead, count);
  }

  private static void replyTaken(
      Call call, byte[] key, RedisList list, boolean fromHead, long count) {
    int taken = (int) Math.min(count, list.size());
    call.reply().array(taken);
    for (int i = 0; i < taken; i++) {
      call.reply().bulk(take(list, fromHead));
    }
    if (taken > 0) {
      removed(call, key, list, taken);
    }
  }

  private static byte[] take(RedisList list, boolean fromHead) {
    return fromHead ? list.removeFirst() : list.removeLast();
  }

  private static void removed(Call call, byte[] key, RedisList list, long count) {
    if (list.size() == 0) {
      call.db().remove(key);
    }
    call.changed(key, count);
  }

  private static void llen(Call call) {
    RedisList list = read(call);
    call.reply().integer(list == null ? 0 : list.size());
  }

  private static void lindex(Call call) {
    long index;
    RedisList list = read(call);
    if (list == null) {
      call.reply().nullValue();
      return;
    }
    index = call.integer(2);
    index = index < 0 ? index + list.size() : index;
    call.reply().bulkOrNull(index < 0 || index >= list.size() ? null : list.get((int) index));
  }

  private static void lset(Call call) {
    RedisList list = call.findForWrite(call.arg(1), RedisList.class);
    if (list == null) {
      throw new CommandException("ERR no such key");
    }
    long index = call.integer(2);
    index = index < 0 ? index + list.size() : index;
    if (index < 0 || index >= list.size()) {
      throw new CommandException("ERR index out of range");
    }
    list.set((int) index, call.arg(3));
    call.changed(call.arg(1));
    call.reply().ok();
  }

  private static void lrange(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    RedisList list = read(call);
    int size = list == null ? 0 : list.size();
    Span span = Span.of(start, end, size);
    call.reply().array(span.count());
    if (list != null) {
      list.forRange(span.from(), span.count(), call.reply()::bulk);
    }
  }

  private static void ltrim(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    byte[] key = call.arg(1);
    RedisList list = call.findForWrite(key, RedisList.class);
    if (list != null) {
      int size = list.size();
      Span span = Span.of(start, end, size);
      list.removeRange(span.from() + span.count(), size - span.from() - span.count());
      list.removeRange(0, span.from());
      removed(call, key, list, size - span.count());
    }
    call.reply().ok();
  }

  private static void lrem(Call call) {
    long count = call.integer(2);
    byte[] key = call.arg(1);
    RedisList list = call.findForWrite(key, RedisList.class);
    int removed = 0;
    if (list != null) {
      int limit =
          count == 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, Math.abs(count));
      removed = list.removeEqual(call.arg(3), limit, count < 0);
      if (removed > 0) {
        removed(call, key, list, removed);
      }
    }
    call.reply().integer(removed);
  }

  private static void linsert(Call call) {
    boolean after = call.is(2, "AFTER");
    if (!after && !call.is(2, "BEFORE")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    RedisList list = call.findForWrite(call.arg(1), RedisList.class);
    if (list == null) {
      call.reply().integer(0);
      return;
    }
    int[] found = {-1};
    list.walk(
        false,
        (index, element) -> {
          if (Arrays.equals(element, call.arg(3))) {
            found[0] = index;
          }
          return found[0] < 0;
        });
    if (found[0] < 0) {
      call.reply().integer(-1);
      return;
    }
    list.insert(after ? found[0] + 1 : found[0], call.arg(4), call.keyspace().limits());
    call.changed(call.arg(1));
    call.reply().integer(list.size());
  }

  private static void lpos(Call call) {
    long rank = 1;
    long count = -1;
    long maxLength = 0;
    for (int i = 3; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      switch (call.word(i)) {
        case "RANK" -> {
          // The lowest number has no positive twin, and counts as -1 in Redis 7.0.
          rank = call.integer(i + 1);
          rank = rank == Long.MIN_VALUE ? -1 : rank;
          if (rank == 0) {
            throw new CommandException(
                "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second"
                    + " ... or use negative to start from the end of the list");
          }
        }
        case "COUNT" ->
            count = call.integer(i + 1, 0, Long.MAX_VALUE, "ERR COUNT can't be negative");
        case "MAXLEN" ->
            maxLength = call.integer(i + 1, 0, Long.MAX_VALUE, "ERR MAXLEN can't be negative");
        default -> throw new CommandException(CommandException.SYNTAX);
      }
    }
    RedisList list = read(call);
    List<Integer> places = new ArrayList<>();
    long wanted = count == 0 ? Long.MAX_VALUE : Math.max(1, count);
    if (list != null) {
      long limit = maxLength == 0 ? Long.MAX_VALUE : maxLength;
      long[] skipAndSeen = {Math.abs(rank) - 1, 0};
      list.walk(
          rank < 0,
          (index, element) -> {
            if (skipAndSeen[1]++ >= limit) {
              return false;
            }
            if (Arrays.equals(element, call.arg(2)) && skipAndSeen[0]-- <= 0) {
              places.add(index);
            }
            return places.size() < wanted;
          });
    }
    if (count >= 0) {
      call.reply().array(places.size());
      places.forEach(call.reply()::integer);
    } else if (places.isEmpty()) {
      call.reply().nullValue();
    } else {
      call.reply().integer(places.getFirst());
    }
  }

  private static boolean isLeft(Call call, int index) {
    if (!call.is(index, "LEFT") && !call.is(index, "RIGHT")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    return call.is(index, "LEFT");
  }

  private static void lmove(Call call) {
    move(call, call.arg(1), call.arg(2), isLeft(call, 3), isLeft(call, 4));
  }

  private static void move(Call call, byte[] from, byte[] to, boolean fromHead, boolean toHead) {
    byte[] moved = tryMove(call, from, to, fromHead, toHead);
    call.reply().bulkOrNull(moved);
  }

  /// Moves an element and returns it, or returns null if there is none.
  private static byte @Nullable [] tryMove(
      Call call, byte[] from, byte[] to, boolean fromHead, boolean toHead) {
    RedisList source = call.findForWrite(from, RedisList.class);
    if (source == null) {
      return null;
    }
    RedisList target = call.findForWrite(to, RedisList.class);
    byte[] element = take(source, fromHead);
    if (target == null) {
      target = new RedisList();
      call.db().put(to, target, false);
    }
    if (toHead) {
      target.addFirst(element, call.keyspace().limits());
    } else {
      target.addLast(element, call.keyspace().limits());
    }
    removed(call, from, source, 1);
    call.keyspace().modified(call.db(), to);
    return element;
  }

  // --- several keys ---

  private record MultiPop(List<byte[]> keys, boolean fromHead, long count) {

    static MultiPop of(Call call, int at) {
      long numKeys = call.integer(at, 1, Integer.MAX_VALUE, "ERR numkeys should be greater than 0");
      if (at + numKeys + 1 >= call.count()) {
        throw new CommandException(CommandException.SYNTAX);
      }
      int where = at + 1 + (int) numKeys;
      boolean fromHead = isLeft(call, where);
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
      return new MultiPop(List.of(Arrays.copyOfRange(call.args(), at + 1, where)), fromHead, count);
    }

    /// Pops from the first key that has something; says whether there was one.
    boolean run(Call call) {
      for (byte[] key : keys) {
        if (run(call, key)) {
          return true;
        }
      }
      return false;
    }

    boolean run(Call call, byte[] key) {
      RedisList list = call.findForWrite(key, RedisList.class);
      if (list == null) {
        return false;
      }
      long taken = Math.min(count, list.size());
      call.reply().array(2);
      call.reply().bulk(key);
      replyTaken(call, key, list, fromHead, count);
      call.propagate(fromHead ? LPOP : RPOP, key, Numbers.text(taken));
      return true;
    }
  }

  private static void lmpop(Call call, int at) {
    if (!MultiPop.of(call, at).run(call)) {
      call.reply().nullArray();
    }
  }

  // --- waiting ---

  private void blockingPop(Call call, boolean fromHead) {
    long until = BlockingTimeout.untilMillis(call, call.count() - 1);
    List<byte[]> keys = List.of(Arrays.copyOfRange(call.args(), 1, call.count() - 1));
    for (byte[] key : keys) {
      if (popFrom(call, key, fromHead)) {
        return;
      }
    }
    block(call, keys, until, key -> popFrom(call, key, fromHead), call.reply()::nullArray);
  }

  private static boolean popFrom(Call call, byte[] key, boolean fromHead) {
    KeyEntry entry = call.db().findForWrite(key);
    if (entry == null) {
      return false;
    }
    RedisList list = Call.cast(entry, RedisList.class);
    byte[] element = take(list, fromHead);
    removed(call, key, list, 1);
    call.reply().array(2);
    call.reply().bulk(key);
    call.reply().bulk(element);
    call.propagate(fromHead ? LPOP : RPOP, key);
    return true;
  }

  private void blmove(Call call) {
    boolean fromHead = isLeft(call, 3);
    boolean toHead = isLeft(call, 4);
    blockingMove(call, fromHead, toHead, BlockingTimeout.untilMillis(call, 5));
  }

  private void brpopLpush(Call call) {
    blockingMove(call, false, true, BlockingTimeout.untilMillis(call, 3));
  }

  private void blockingMove(Call call, boolean fromHead, boolean toHead, long until) {
    BlockedClients.Attempt attempt =
        key -> {
          byte[] moved = tryMove(call, call.arg(1), call.arg(2), fromHead, toHead);
          if (moved != null) {
            call.reply().bulk(moved);
            call.propagate(
                LMOVE, call.arg(1), call.arg(2), fromHead ? LEFT : RIGHT, toHead ? LEFT : RIGHT);
          }
          return moved != null;
        };
    if (!attempt.serve(call.arg(1))) {
      block(call, List.of(call.arg(1)), until, attempt, call.reply()::nullValue);
    }
  }

  private void blmpop(Call call) {
    long until = BlockingTimeout.untilMillis(call, 1);
    MultiPop pop = MultiPop.of(call, 2);
    if (!pop.run(call)) {
      block(call, pop.keys(), until, key -> pop.run(call, key), call.reply()::nullArray);
    }
  }

  private void block(
      Call call,
      List<byte[]> keys,
      long until,
      BlockedClients.Attempt attempt,
      Runnable onTimeout) {
    dispatcher.blockOrGiveUp(call, keys, until, RedisList.class, attempt, onTimeout);
  }

  /// The part of a list or order that two indexes name, negative ones counting from the end.
  record Span(int from, int count) {

    static Span of(long start, long end, int size) {
      long from = Math.max(0, start < 0 ? start + size : start);
      long to = Math.min(size - 1L, end < 0 ? end + size : end);
      return from > to ? new Span(0, 0) : new Span((int) from, (int) (to - from + 1));
    }
  }
}
