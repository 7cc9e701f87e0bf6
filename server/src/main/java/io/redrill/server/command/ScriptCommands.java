package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import java.util.EnumSet;
import java.util.Set;

/// The commands that would run Lua, of which this server has none.
///
/// What scripts did stands in a log as the commands they called, by default since Redis 5; the
/// loading of scripts stands beside it until Redis 6.2 and changes no data, so a log may hold it.
/// Before Redis 7 a server could be told to log the scripts themselves (`lua-replicate-commands
/// no`): a log that holds one is refused, since leaving it out would leave its writes out.
final class ScriptCommands {

  private static final Set<CommandFlag> SCRIPT =
      EnumSet.of(CommandFlag.NOSCRIPT, CommandFlag.MOVABLEKEYS);
  private static final Set<CommandFlag> ADMIN = EnumSet.of(CommandFlag.NOSCRIPT);
  private static final String NO_LUA = "ERR this server does not run Lua scripts";
  private static final String NO_LUA_IN_LOG =
      "ERR the log holds a script instead of its effects, and this server does not run Lua. Set"
          + " lua-replicate-commands yes at the source, take a new snapshot, and restore to a point"
          + " after it; or replay this log with a real server of the source's version";

  private ScriptCommands() {}

  static void register(CommandTable table) {
    table.add("eval", -3, NONE, SCRIPT, ScriptCommands::refuse);
    table.add("evalsha", -3, NONE, SCRIPT, ScriptCommands::refuse);
    table
        .add("script", -2, NONE, ADMIN, call -> {})
        .sub("load", 3, ScriptCommands::skipInLog)
        .sub("flush", -2, ScriptCommands::skipInLog);
  }

  private static void refuse(Call call) {
    throw new CommandException(call.isReplayed() ? NO_LUA_IN_LOG : NO_LUA);
  }

  private static void skipInLog(Call call) {
    if (!call.isReplayed()) {
      throw new CommandException(NO_LUA);
    }
    call.reply().ok();
  }
}
