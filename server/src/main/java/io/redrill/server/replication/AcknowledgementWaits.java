package io.redrill.server.replication;

import io.redrill.server.command.Client;
import io.redrill.server.command.Connection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongUnaryOperator;

/// Clients in `WAIT`: their connections are paused until enough replicas have acknowledged.
final class AcknowledgementWaits {

  private record Wait(
      Client client, Connection connection, long offset, long wanted, long untilMillis) {}

  private final List<Wait> waits = new ArrayList<>();

  void add(Client client, Connection connection, long offset, long wanted, long untilMillis) {
    waits.add(new Wait(client, connection, offset, wanted, untilMillis));
    connection.pause(true);
  }

  /// Whether a client waits.
  boolean has(Client client) {
    return waits.stream().anyMatch(wait -> wait.client() == client);
  }

  /// How many clients wait.
  int count() {
    return waits.size();
  }

  /// Lets go of clients that have what they waited for; `counts` tells how many replicas have
  /// acknowledged an offset.
  void acknowledged(LongUnaryOperator counts) {
    release(counts, Long.MIN_VALUE);
  }

  /// Lets go of these and of clients whose time is up.
  void expire(long nowMillis, LongUnaryOperator counts) {
    release(counts, nowMillis);
  }

  private void release(LongUnaryOperator counts, long nowMillis) {
    for (Iterator<Wait> all = waits.iterator(); all.hasNext(); ) {
      Wait wait = all.next();
      long count = counts.applyAsLong(wait.offset());
      boolean timeIsUp = wait.untilMillis() != 0 && wait.untilMillis() <= nowMillis;
      if (count >= wait.wanted() || timeIsUp) {
        all.remove();
        wait.client().reply().integer(count);
        wait.connection().flush();
        wait.connection().pause(false);
      }
    }
  }
}
