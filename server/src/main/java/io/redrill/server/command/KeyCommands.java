package io.redrill.server.command;

import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.WRITE;

/// Commands on keys, whatever they hold.
final class KeyCommands {

  private KeyCommands() {}

  static void register(CommandTable table) {
    table.add("del", -2, KEYS, WRITE, KeyCommands::delete);
  }

  private static void delete(Call call) {
    int removed = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.db().remove(call.arg(i)) != null) {
        removed++;
      }
    }
    call.changed(removed);
    call.reply().integer(removed);
  }
}
