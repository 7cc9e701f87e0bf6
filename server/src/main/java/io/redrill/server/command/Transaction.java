package io.redrill.server.command;

import java.util.ArrayList;
import java.util.List;

/// The commands queued since `MULTI`.
final class Transaction {

  record Queued(Command command, byte[][] args) {}

  private final List<Queued> queue = new ArrayList<>();
  private boolean broken;

  void add(Command command, byte[][] args) {
    queue.add(new Queued(command, args));
  }

  List<Queued> queue() {
    return queue;
  }

  /// Marks that a command could not be queued, so that `EXEC` must refuse.
  void markBroken() {
    broken = true;
  }

  boolean isBroken() {
    return broken;
  }
}
