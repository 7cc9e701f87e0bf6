package io.redrill.server.command;

import io.redrill.server.command.Command.KeyPositions;
import java.util.EnumSet;
import java.util.Set;

/// Registers the families of commands, and holds what their registrations share.
public final class Commands {

  static final KeyPositions NONE = KeyPositions.NONE;
  static final KeyPositions KEY = KeyPositions.ONE;
  static final KeyPositions KEYS = KeyPositions.ALL;

  static final Set<CommandFlag> READ = EnumSet.of(CommandFlag.READONLY);
  static final Set<CommandFlag> READ_FAST = EnumSet.of(CommandFlag.READONLY, CommandFlag.FAST);
  static final Set<CommandFlag> WRITE = EnumSet.of(CommandFlag.WRITE);
  static final Set<CommandFlag> WRITE_FAST = EnumSet.of(CommandFlag.WRITE, CommandFlag.FAST);
  static final Set<CommandFlag> GROW = EnumSet.of(CommandFlag.WRITE, CommandFlag.DENYOOM);
  static final Set<CommandFlag> GROW_FAST =
      EnumSet.of(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.FAST);
  static final Set<CommandFlag> BLOCK =
      EnumSet.of(CommandFlag.WRITE, CommandFlag.NOSCRIPT, CommandFlag.BLOCKING);
  static final Set<CommandFlag> ADMIN =
      EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT, CommandFlag.LOADING, CommandFlag.STALE);

  private Commands() {}

  /// Adds the commands on data, connections and transactions to `table`.
  public static void register(
      CommandTable table, Dispatcher dispatcher, Clients clients, Access access) {
    StringCommands.register(table);
    BitCommands.register(table);
    BitFieldCommands.register(table);
    HyperLogLogCommands.register(table);
    HashCommands.register(table);
    SetCommands.register(table);
    new ListCommands(dispatcher).register(table);
    SortedSetCommands.register(table);
    new SortedSetPops(dispatcher).register(table);
    GeoCommands.register(table);
    StreamCommands.register(table);
    SortCommands.register(table);
    LcsCommand.register(table);
    ScriptCommands.register(table);
    PublishCommands.register(table);
    KeyCommands.register(table);
    ExpiryCommands.register(table);
    DumpCommands.register(table);
    new ConnectionCommands(dispatcher, clients, access).register(table);
    new TransactionCommands(dispatcher).register(table);
    new ServerCommands(dispatcher).register(table);
    DebugCommands.register(table);
    MemoryCommands.register(table);
    FunctionCommands.register(table);
    new CommandCommand(table).register();
  }
}
