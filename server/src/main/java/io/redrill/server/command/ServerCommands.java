package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import java.util.EnumSet;
import java.util.Set;

/// Commands about the server as a whole.
final class ServerCommands {

  private static final Set<CommandFlag> ANYTIME =
      EnumSet.of(CommandFlag.LOADING, CommandFlag.STALE);

  private final Dispatcher dispatcher;

  ServerCommands(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  void register(CommandTable table) {
    table.add(
        "dbsize", 1, NONE, Commands.READ_FAST, call -> call.reply().integer(call.db().size()));
    table.add("flushdb", -1, NONE, Commands.WRITE, this::flushDb);
    table.add("flushall", -1, NONE, Commands.WRITE, this::flushAll);
    table.add("swapdb", 3, NONE, Commands.WRITE_FAST, this::swapDb);
    table.add("time", 1, NONE, ANYTIME, this::time);
  }

  private void flushDb(Call call) {
    checkFlushOption(call);
    call.keyspace().flush(call.db());
    // Propagated even if the database was empty, as Redis does.
    call.changed(1);
    call.reply().ok();
  }

  private void flushAll(Call call) {
    checkFlushOption(call);
    for (int i = 0; i < call.keyspace().databaseCount(); i++) {
      call.keyspace().flush(call.keyspace().database(i));
    }
    call.changed(1);
    call.reply().ok();
  }

  private static void checkFlushOption(Call call) {
    if (call.count() > 2 || (call.count() == 2 && !call.is(1, "SYNC") && !call.is(1, "ASYNC"))) {
      throw new CommandException(CommandException.SYNTAX);
    }
  }

  private void swapDb(Call call) {
    int count = call.keyspace().databaseCount();
    long first = call.integer(1, "ERR invalid first DB index");
    long second = call.integer(2, "ERR invalid second DB index");
    if (first < 0 || first >= count || second < 0 || second >= count) {
      throw new CommandException("ERR DB index is out of range");
    }
    if (first != second) {
      call.keyspace()
          .swap(call.keyspace().database((int) first), call.keyspace().database((int) second));
    }
    call.changed(1);
    call.reply().ok();
  }

  private void time(Call call) {
    long micros = dispatcher.keyspace().clock().micros();
    call.reply().array(2);
    call.reply().bulk(micros / 1_000_000);
    call.reply().bulk(micros % 1_000_000);
  }
}
