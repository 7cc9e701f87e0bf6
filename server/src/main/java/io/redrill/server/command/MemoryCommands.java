package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;

/// `MEMORY USAGE`: how much a key takes. It is counted, not sampled, so that `SAMPLES` changes
/// nothing.
final class MemoryCommands {

  private MemoryCommands() {}

  static void register(CommandTable table) {
    table
        .add("memory", -2, NONE, READ, call -> {})
        .sub("usage", -3, new KeyPositions(2, 2, 1), READ, MemoryCommands::usage);
  }

  private static void usage(Call call) {
    if (call.count() != 3) {
      if (call.count() != 5 || !call.is(3, "SAMPLES")) {
        throw new CommandException(CommandException.SYNTAX);
      }
      call.integer(4, 0, Long.MAX_VALUE, CommandException.SYNTAX);
    }
    KeyEntry entry = call.db().peek(call.arg(2));
    if (entry == null) {
      call.reply().nullValue();
    } else {
      call.reply().integer(entry.sizeBytes());
    }
  }
}
