package io.redrill.server.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Runs the commands of an append-only file or a replication stream, in order, without propagating
/// them again. Transactions are kept whole: what stands between `MULTI` and `EXEC` runs at `EXEC`.
///
/// To be used on the keyspace's thread, with [io.redrill.server.keyspace.Keyspace#loading(boolean)]
/// on where keys must not expire meanwhile.
public final class CommandApplier {

  private final Dispatcher dispatcher;
  private final Client client;

  CommandApplier(Dispatcher dispatcher, Client client) {
    this.dispatcher = dispatcher;
    this.client = client;
  }

  /// Selects the database for what follows.
  public void select(int db) {
    client.database(db);
  }

  /// Runs one command, `SELECT` included; returns the error it was answered with, if any. A refusal
  /// names the command: an unknown one must end a replay.
  public Optional<String> apply(byte[][] args) {
    ReplyBuffer reply = client.reply();
    reply.clear();
    boolean before = dispatcher.isApplying();
    dispatcher.applying(true);
    try {
      dispatcher.dispatch(client, args);
    } finally {
      dispatcher.applying(before);
    }
    if (!reply.isErrorAt(0)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %s"
            .formatted(
                new String(args[0], StandardCharsets.ISO_8859_1),
                new String(reply.array(), 1, reply.length() - 3, StandardCharsets.UTF_8)));
  }

  /// Whether a transaction has begun and not ended.
  public boolean inTransaction() {
    return client.transaction() != null;
  }
}
