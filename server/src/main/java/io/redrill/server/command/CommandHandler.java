package io.redrill.server.command;

/// Does what a command says: reads its arguments, works on the keyspace, writes exactly one reply.
@FunctionalInterface
public interface CommandHandler {

  /// Runs the command.
  ///
  /// @throws CommandException to answer with an error instead; nothing may have been changed or
  ///   written to the reply before
  void run(Call call);
}
