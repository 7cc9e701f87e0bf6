package io.redrill.server.command;

import io.redrill.server.command.Call.Effect;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.keyspace.KeyspaceListener;
import io.redrill.server.type.DecodedValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs commands: finds them, refuses those that may not run, queues those of a transaction, and
/// hands on their effects.
///
/// Effects gather while a command runs, those of keys found expired first, and go to the
/// [Propagation] when the outermost command is done: more than one between `MULTI` and `EXEC`.
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final byte[] DEL = Call.bytes("DEL");
  private static final byte[][] MULTI = {Call.bytes("MULTI")};
  private static final byte[][] EXEC = {Call.bytes("EXEC")};

  private final Keyspace keyspace;
  private final CommandTable table;
  private final ServerStatistics statistics;
  private final WatchedKeys watchedKeys = new WatchedKeys();
  private final BlockedClients blocked = new BlockedClients(this);
  private final List<Effect> pending = new ArrayList<>();
  private Propagation propagation = (db, command) -> {};
  private CommandGate gate = (client, command) -> Optional.empty();
  private int depth;
  private boolean applying;

  /// Makes the one dispatcher of `keyspace`.
  public Dispatcher(Keyspace keyspace, CommandTable table, ServerStatistics statistics) {
    this.keyspace = keyspace;
    this.table = table;
    this.statistics = statistics;
    keyspace.listener(new Listener());
  }

  /// The data.
  public Keyspace keyspace() {
    return keyspace;
  }

  /// The commands.
  public CommandTable table() {
    return table;
  }

  /// The counts.
  public ServerStatistics statistics() {
    return statistics;
  }

  /// Installs the one taker of effects.
  public void propagation(Propagation next) {
    propagation = next;
  }

  /// Installs the one gate.
  public void gate(CommandGate next) {
    gate = next;
  }

  /// Runs one request of a client; the reply stands in the client's buffer afterwards.
  public void dispatch(Client client, byte[][] args) {
    keyspace.clock().refresh();
    client.activeAt(keyspace.clock().millis());
    ReplyBuffer reply = client.reply();
    if (client.replyMode() == Client.ReplyMode.SKIP_NEXT) {
      client.replyMode(Client.ReplyMode.SKIPPING);
    }
    reply.mute(
        client.replyMode() == Client.ReplyMode.OFF
            || client.replyMode() == Client.ReplyMode.SKIPPING);
    int mark = reply.length();
    resolveAndRun(client, args);
    if (reply.isErrorAt(mark)) {
      statistics.countErrorReply();
    }
    if (client.replyMode() == Client.ReplyMode.SKIPPING) {
      client.replyMode(Client.ReplyMode.ON);
    }
  }

  private void resolveAndRun(Client client, byte[][] args) {
    Command command = table.find(args[0]);
    if (command == null) {
      reject(client, null, unknownCommand(args));
      return;
    }
    if (!command.subcommands().isEmpty() && args.length > 1) {
      Command sub = command.subcommand(args[1]);
      if (sub == null) {
        if (args.length == 2 && CommandTable.equalsIgnoreCase(Call.bytes("help"), args[1])) {
          help(client, command);
          return;
        }
        reject(client, command, unknownSubcommand(command, args[1]));
        return;
      }
      command = sub;
    }
    if (!command.accepts(args.length)) {
      reject(client, command, wrongArity(command));
      return;
    }
    if (!client.isAuthenticated() && !command.has(CommandFlag.NO_AUTH)) {
      reject(client, command, "NOAUTH Authentication required.");
      return;
    }
    Transaction transaction = client.transaction();
    if (transaction != null && command.has(CommandFlag.NO_MULTI)) {
      reject(client, command, "ERR Command not allowed inside a transaction");
      return;
    }
    Optional<String> refusal = gate.refuse(client, command);
    if (refusal.isPresent()) {
      reject(client, command, refusal.get());
      return;
    }
    if (transaction != null && !command.has(CommandFlag.NOT_QUEUED)) {
      transaction.add(command, args);
      client.reply().status("QUEUED");
      return;
    }
    client.lastCommand(command);
    run(client, command, args);
    if (depth == 0) {
      blocked.serve();
    }
  }

  /// Runs a command that has passed all checks.
  void run(Client client, Command command, byte[][] args) {
    ReplyBuffer reply = client.reply();
    int mark = reply.length();
    long dirtyBefore = keyspace.dirty();
    long start = System.nanoTime();
    Call call = new Call(this, client, command, args);
    boolean failed = false;
    depth++;
    try {
      command.handler().run(call);
    } catch (CommandException e) {
      reply.truncate(mark);
      reply.error(e.reply());
      failed = true;
    } catch (RuntimeException e) {
      LOG.error("command {} failed inside the server", command.name(), e);
      reply.truncate(mark);
      reply.error("ERR internal error");
      failed = true;
    } finally {
      depth--;
    }
    command.countCall(System.nanoTime() - start, failed);
    statistics.countCommand();
    gatherEffects(call, dirtyBefore);
    if (depth == 0) {
      handOnEffects();
    }
  }

  /// Runs `action` as if it were a command: the effects of what it does go out together.
  void runUnit(Runnable action) {
    depth++;
    try {
      action.run();
    } finally {
      depth--;
    }
    if (depth == 0) {
      handOnEffects();
    }
  }

  /// Adds an effect of the unit under way.
  void addEffect(int db, byte[]... command) {
    if (!applying) {
      pending.add(new Effect(db, command));
    }
  }

  /// How many clients wait in a blocking command.
  public int blockedClients() {
    return blocked.count();
  }

  /// Whether a client waits in a blocking command.
  public boolean isBlocked(Client client) {
    return blocked.isBlocked(client);
  }

  /// Whether the command that runs is part of a transaction.
  public boolean isNested() {
    return depth > 1;
  }

  /// Makes an applier: it runs the commands of a log, whose effects are known already.
  public CommandApplier applier() {
    return new CommandApplier(this, new Client(0, null, keyspace.clock().millis()));
  }

  /// Whether what is run now comes from a log.
  boolean isApplying() {
    return applying;
  }

  void applying(boolean next) {
    applying = next;
  }

  /// Forgets what the server keeps about a client whose connection is gone.
  public void disconnected(Client client) {
    watchedKeys.unwatchAll(client.watches());
    blocked.forget(client);
  }

  /// Lets blocked clients whose time is up go. To be called several times a second.
  public void tick() {
    blocked.expire(keyspace.clock().millis());
  }

  /// Blocks the caller until one of `keys` holds something of this type that serves it; or answers
  /// at once as if the time were up, where waiting is impossible: in a transaction or a log.
  void blockOrGiveUp(
      Call call,
      List<byte[]> keys,
      long untilMillis,
      Class<? extends DecodedValue> type,
      BlockedClients.Attempt attempt,
      Runnable onTimeout) {
    call.propagateNothing();
    if (depth > 1 || applying || call.client().connection() == null) {
      onTimeout.run();
      return;
    }
    blocked.block(
        call.client(),
        call.db(),
        keys,
        untilMillis,
        key -> {
          KeyEntry entry = call.db().findForWrite(key);
          boolean served = entry != null && type.isInstance(entry.value()) && attempt.serve(key);
          if (served) {
            pending.addAll(call.takeEffects());
          }
          return served;
        },
        onTimeout);
  }

  WatchedKeys watchedKeys() {
    return watchedKeys;
  }

  BlockedClients blocked() {
    return blocked;
  }

  private void gatherEffects(Call call, long dirtyBefore) {
    if (applying) {
      return;
    }
    List<Effect> effects = call.effects();
    if (effects != null) {
      pending.addAll(effects);
    } else if (keyspace.dirty() != dirtyBefore && call.command().isWrite()) {
      pending.add(new Effect(call.db().index(), call.args()));
    }
  }

  private void handOnEffects() {
    if (pending.isEmpty()) {
      return;
    }
    boolean wrap = pending.size() > 1;
    int first = pending.getFirst().db();
    if (wrap) {
      propagation.propagate(first, MULTI);
    }
    for (Effect effect : pending) {
      propagation.propagate(effect.db(), effect.command());
    }
    if (wrap) {
      propagation.propagate(pending.getLast().db(), EXEC);
    }
    pending.clear();
  }

  private void reject(Client client, @Nullable Command command, String error) {
    if (command != null) {
      command.countRejected();
    }
    Transaction transaction = client.transaction();
    if (command != null && command.name().equals("exec")) {
      client.transaction(null);
      watchedKeys.unwatchAll(client.watches());
      String reason = error.startsWith("ERR ") ? error.substring(4) : error;
      client.reply().error("EXECABORT Transaction discarded because of: " + reason);
      return;
    }
    if (transaction != null) {
      transaction.markBroken();
    }
    client.reply().error(error);
  }

  private static void help(Client client, Command command) {
    String name = command.name().toUpperCase(java.util.Locale.ROOT);
    client.reply().array(command.subcommands().size() + 1L);
    client.reply().status(name + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (String sub : command.subcommands().keySet()) {
      client.reply().status(sub.toUpperCase(java.util.Locale.ROOT));
    }
  }

  private static String unknownCommand(byte[][] args) {
    StringBuilder beginning = new StringBuilder();
    for (int i = 1; i < args.length && beginning.length() < 128; i++) {
      beginning.append('\'').append(shortened(args[i], 128 - beginning.length())).append("' ");
    }
    return "ERR unknown command '%s', with args beginning with: %s"
        .formatted(shortened(args[0], 128), beginning);
  }

  private static String unknownSubcommand(Command command, byte[] sub) {
    return "ERR unknown subcommand '%s'. Try %s HELP."
        .formatted(shortened(sub, 128), command.name().toUpperCase(java.util.Locale.ROOT));
  }

  private static String wrongArity(Command command) {
    return "ERR wrong number of arguments for '%s' command".formatted(command.name());
  }

  private static String shortened(byte[] arg, int limit) {
    return new String(arg, 0, Math.min(arg.length, limit), StandardCharsets.ISO_8859_1);
  }

  private final class Listener implements KeyspaceListener {
    @Override
    public void modified(Database db, byte[] key) {
      watchedKeys.modified(db, key);
      blocked.modified(db, key);
    }

    @Override
    public void expired(Database db, byte[] key) {
      addEffect(db.index(), DEL, key);
      if (depth == 0) {
        handOnEffects();
      }
    }
  }
}
