package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import java.util.EnumSet;
import java.util.Set;

/// `PUBLISH` and `SPUBLISH`, which a replication stream carries beside the writes. Nobody can
/// subscribe here, so that a message reaches nobody, as the reply says; it changes no data.
final class PublishCommands {

  private static final Set<CommandFlag> FLAGS =
      EnumSet.of(CommandFlag.PUBSUB, CommandFlag.LOADING, CommandFlag.STALE, CommandFlag.FAST);

  private PublishCommands() {}

  static void register(CommandTable table) {
    table.add("publish", 3, NONE, FLAGS, call -> call.reply().integer(0));
    table.add("spublish", 3, NONE, FLAGS, call -> call.reply().integer(0));
  }
}
