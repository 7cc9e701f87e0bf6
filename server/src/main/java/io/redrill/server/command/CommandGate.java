package io.redrill.server.command;

import java.util.Optional;

/// Refuses commands for reasons of the server's state, such as a failed save or too few replicas.
@FunctionalInterface
public interface CommandGate {

  /// The error to answer with, its code word first, or empty to let the command run.
  Optional<String> refuse(Client client, Command command);
}
