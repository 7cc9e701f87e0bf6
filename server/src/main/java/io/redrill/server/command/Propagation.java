package io.redrill.server.command;

/// Takes the effects of write commands, in order, for the append-only file and for replicas.
///
/// An effect is a command that gives the same result whenever it is run: relative expiries have
/// become absolute, random choices have been made. Several effects of one command, and those of a
/// transaction, come between `MULTI` and `EXEC`. Called on the keyspace's thread, right after the
/// command ran and before its reply is sent.
@FunctionalInterface
public interface Propagation {

  /// Takes one effect in database `db`. The arrays are shared and constant.
  void propagate(int db, byte[][] command);
}
