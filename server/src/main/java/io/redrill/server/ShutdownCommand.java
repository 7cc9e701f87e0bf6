package io.redrill.server;

import io.redrill.server.command.Call;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.CommandException;
import io.redrill.server.command.CommandFlag;
import io.redrill.server.command.CommandTable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;

/// `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE]`; there is nothing that `ABORT` could stop.
final class ShutdownCommand {

  /// What ends the server.
  @FunctionalInterface
  interface Shutdown {
    /// Writes what must be written and begins the end; saves as asked, or as configured.
    void run(Optional<Boolean> save) throws IOException;
  }

  private final Shutdown shutdown;

  ShutdownCommand(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  void register(CommandTable table) {
    table.add(
        "shutdown",
        -1,
        KeyPositions.NONE,
        EnumSet.of(
            CommandFlag.ADMIN,
            CommandFlag.NOSCRIPT,
            CommandFlag.NO_MULTI,
            CommandFlag.LOADING,
            CommandFlag.STALE),
        this::run);
  }

  private void run(Call call) {
    Optional<Boolean> save = Optional.empty();
    for (int i = 1; i < call.count(); i++) {
      switch (call.word(i)) {
        case "SAVE" -> save = Optional.of(true);
        case "NOSAVE" -> save = Optional.of(false);
        case "NOW", "FORCE" -> {
          // Replicas are never waited for, and nothing that fails is passed over.
        }
        case "ABORT" -> throw new CommandException("ERR No shutdown in progress.");
        default -> throw new CommandException(CommandException.SYNTAX);
      }
    }
    try {
      shutdown.run(save);
      call.client().closeAfterReply();
    } catch (IOException e) {
      throw new CommandException("ERR Errors trying to SHUTDOWN. Check logs.");
    }
  }
}
