package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// `COMMAND`: what the server can do, for clients that ask.
final class CommandCommand {

  private static final Set<CommandFlag> ANYTIME =
      EnumSet.of(CommandFlag.LOADING, CommandFlag.STALE);

  private final CommandTable table;

  CommandCommand(CommandTable table) {
    this.table = table;
  }

  void register() {
    table
        .add("command", -1, NONE, ANYTIME, call -> list(call, table.commands()))
        .sub("count", 2, call -> call.reply().integer(table.commands().size()))
        .sub("info", -2, this::info)
        .sub("docs", -2, this::docs)
        .sub("list", -2, this::names)
        .sub("getkeys", -3, this::getKeys);
  }

  private static void list(Call call, Collection<Command> commands) {
    call.reply().array(commands.size());
    commands.forEach(command -> describe(call.reply(), command));
  }

  private void info(Call call) {
    if (call.count() == 2) {
      list(call, table.commands());
      return;
    }
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      Command command = table.find(call.arg(i));
      if (command == null) {
        call.reply().nullArray();
      } else {
        describe(call.reply(), command);
      }
    }
  }

  private static void describe(ReplyBuffer reply, Command command) {
    reply.array(10);
    reply.bulk(command.name());
    reply.integer(command.arity());
    reply.set(command.flags().size());
    command.flags().forEach(flag -> reply.status(flag.redisName()));
    reply.integer(command.keys().first());
    reply.integer(command.keys().last());
    reply.integer(command.keys().step());
    reply.set(0);
    reply.array(0);
    reply.array(0);
    reply.array(command.subcommands().size());
    command.subcommands().values().forEach(sub -> describe(reply, sub));
  }

  private void docs(Call call) {
    List<Command> chosen = new java.util.ArrayList<>();
    if (call.count() == 2) {
      chosen.addAll(table.commands());
    }
    for (int i = 2; i < call.count(); i++) {
      Command command = table.find(call.arg(i));
      if (command != null) {
        chosen.add(command);
      }
    }
    call.reply().map(chosen.size());
    for (Command command : chosen) {
      call.reply().bulk(command.name());
      call.reply().map(1);
      call.reply().bulk("summary");
      call.reply().bulk(command.name().toUpperCase(Locale.ROOT) + ", as in Redis 7.0");
    }
  }

  private void names(Call call) {
    call.reply().array(table.commands().size());
    table.commands().forEach(command -> call.reply().bulk(command.name()));
  }

  private void getKeys(Call call) {
    Command command = table.find(call.arg(2));
    if (command == null) {
      throw new CommandException("ERR Invalid command specified");
    }
    int count = call.count() - 2;
    if (!command.accepts(count)) {
      throw new CommandException("ERR Invalid number of arguments specified for command");
    }
    Command.KeyPositions keys = command.keys();
    if (keys.first() == 0) {
      throw new CommandException("ERR The command has no key arguments");
    }
    int last = keys.last() < 0 ? count + keys.last() : keys.last();
    call.reply().array((last - keys.first()) / keys.step() + 1L);
    for (int i = keys.first(); i <= last; i += keys.step()) {
      call.reply().bulk(call.arg(i + 2));
    }
  }
}
