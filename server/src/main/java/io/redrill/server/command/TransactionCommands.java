package io.redrill.server.command;

import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.NONE;

import java.util.EnumSet;
import java.util.Set;

/// `MULTI`, `EXEC` and what belongs to them.
final class TransactionCommands {

  private static final Set<CommandFlag> AT_ONCE =
      EnumSet.of(
          CommandFlag.NOSCRIPT,
          CommandFlag.LOADING,
          CommandFlag.STALE,
          CommandFlag.FAST,
          CommandFlag.NOT_QUEUED);

  private final Dispatcher dispatcher;

  TransactionCommands(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  void register(CommandTable table) {
    table.add("multi", 1, NONE, AT_ONCE, this::multi);
    table.add("exec", 1, NONE, AT_ONCE, this::exec);
    table.add("discard", 1, NONE, AT_ONCE, this::discard);
    table.add("watch", -2, KEYS, AT_ONCE, this::watch);
    table.add("unwatch", 1, NONE, Commands.READ_FAST, this::unwatch);
  }

  private void multi(Call call) {
    if (call.client().transaction() != null) {
      throw new CommandException("ERR MULTI calls can not be nested");
    }
    call.client().transaction(new Transaction());
    call.reply().ok();
  }

  private void exec(Call call) {
    Client client = call.client();
    Transaction transaction = client.transaction();
    if (transaction == null) {
      throw new CommandException("ERR EXEC without MULTI");
    }
    boolean stale = dispatcher.watchedKeys().isStale(client.watches(), call.keyspace());
    client.transaction(null);
    dispatcher.watchedKeys().unwatchAll(client.watches());
    if (transaction.isBroken()) {
      throw new CommandException("EXECABORT Transaction discarded because of previous errors.");
    }
    if (stale) {
      call.reply().nullArray();
      return;
    }
    call.reply().array(transaction.queue().size());
    for (Transaction.Queued queued : transaction.queue()) {
      dispatcher.run(client, queued.command(), queued.args());
    }
    call.propagateNothing();
  }

  private void discard(Call call) {
    if (call.client().transaction() == null) {
      throw new CommandException("ERR DISCARD without MULTI");
    }
    call.client().transaction(null);
    dispatcher.watchedKeys().unwatchAll(call.client().watches());
    call.reply().ok();
  }

  private void watch(Call call) {
    if (call.client().transaction() != null) {
      throw new CommandException("ERR WATCH inside MULTI is not allowed");
    }
    for (int i = 1; i < call.count(); i++) {
      dispatcher.watchedKeys().watch(call.client().watches(), call.db(), call.arg(i));
    }
    call.reply().ok();
  }

  private void unwatch(Call call) {
    dispatcher.watchedKeys().unwatchAll(call.client().watches());
    call.reply().ok();
  }
}
