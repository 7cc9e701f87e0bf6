package io.redrill.server.command;

import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Clients that wait for a key to get something, first come first served.
///
/// A blocking command that finds nothing leaves an attempt here. When one of its keys is modified
/// the attempt is made again, after the command that modified the key, until it succeeds or its
/// time is up.
final class BlockedClients {

  /// One try of a blocked command.
  @FunctionalInterface
  interface Attempt {
    /// Tries to serve the client from `key`; writes the reply and answers true if that worked.
    boolean serve(byte[] key);
  }

  private record Waiting(
      Client client, List<KeyRef> keys, long untilMillis, Attempt attempt, Runnable onTimeout) {}

  private final Dispatcher dispatcher;
  private final Map<Client, Waiting> waiting = new LinkedHashMap<>();
  private final Map<KeyRef, Integer> wanted = new HashMap<>();
  private final Set<KeyRef> ready = new LinkedHashSet<>();

  BlockedClients(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /// Blocks a client until one of `keys` serves it, or until a time (Unix milliseconds, 0 for
  /// ever).
  void block(
      Client client,
      Database db,
      List<byte[]> keys,
      long untilMillis,
      Attempt attempt,
      Runnable onTimeout) {
    Connection connection = client.connection();
    if (connection == null) {
      return;
    }
    List<KeyRef> refs = keys.stream().map(key -> new KeyRef(db.index(), key)).toList();
    waiting.put(client, new Waiting(client, refs, untilMillis, attempt, onTimeout));
    refs.forEach(ref -> wanted.merge(ref, 1, Integer::sum));
    connection.pause(true);
  }

  /// How many clients are blocked.
  int count() {
    return waiting.size();
  }

  boolean isBlocked(Client client) {
    return waiting.containsKey(client);
  }

  void modified(Database db, byte[] key) {
    if (wanted.isEmpty()) {
      return;
    }
    KeyRef ref = new KeyRef(db.index(), key);
    if (wanted.containsKey(ref)) {
      ready.add(ref);
    }
  }

  /// Tries again for every client that waits for a key modified since the last call.
  void serve() {
    while (!ready.isEmpty()) {
      List<KeyRef> keys = new ArrayList<>(ready);
      ready.clear();
      for (KeyRef ref : keys) {
        serve(ref);
      }
    }
  }

  private void serve(KeyRef ref) {
    Database db = dispatcher.keyspace().database(ref.db());
    for (Waiting one : new ArrayList<>(waiting.values())) {
      KeyEntry entry = db.peek(ref.key());
      if (entry == null) {
        return;
      }
      if (!waiting.containsKey(one.client()) || !one.keys().contains(ref)) {
        continue;
      }
      boolean[] served = {false};
      dispatcher.runUnit(() -> served[0] = one.attempt().serve(ref.key()));
      if (served[0]) {
        release(one);
      }
    }
  }

  /// Lets go of clients whose time is up.
  void expire(long nowMillis) {
    if (waiting.isEmpty()) {
      return;
    }
    for (Waiting one : new ArrayList<>(waiting.values())) {
      if (one.untilMillis() != 0 && one.untilMillis() <= nowMillis) {
        one.onTimeout().run();
        release(one);
      }
    }
  }

  /// Lets go of a client as if its time were up, or with an error; says whether it was blocked.
  boolean unblock(Client client, boolean withError) {
    Waiting one = waiting.get(client);
    if (one == null) {
      return false;
    }
    if (withError) {
      client.reply().error("UNBLOCKED client unblocked via CLIENT UNBLOCK");
    } else {
      one.onTimeout().run();
    }
    release(one);
    return true;
  }

  void forget(Client client) {
    Waiting one = waiting.remove(client);
    if (one != null) {
      unwant(one);
    }
  }

  private void release(Waiting one) {
    waiting.remove(one.client());
    unwant(one);
    Connection connection = one.client().connection();
    if (connection != null) {
      connection.flush();
      connection.pause(false);
    }
  }

  private void unwant(Waiting one) {
    for (Iterator<KeyRef> refs = one.keys().iterator(); refs.hasNext(); ) {
      wanted.computeIfPresent(refs.next(), (key, count) -> count == 1 ? null : count - 1);
    }
  }
}
