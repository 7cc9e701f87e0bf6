package io.redrill.server.command;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The connected clients, in the order they came.
public final class Clients {

  private final Map<Long, Client> clients = new LinkedHashMap<>();
  private final Access access;
  private long lastId;

  /// Clients have to satisfy `access`.
  public Clients(Access access) {
    this.access = access;
  }

  /// Makes a client for a new connection and remembers it.
  public Client connect(Connection connection, long nowMillis) {
    Client client = new Client(++lastId, connection, nowMillis);
    client.authenticated(!access.isRequired());
    clients.put(client.id(), client);
    return client;
  }

  /// Forgets a client whose connection is gone.
  public void disconnect(Client client) {
    clients.remove(client.id());
    client.closed();
  }

  /// All connected clients.
  public Collection<Client> all() {
    return Collections.unmodifiableCollection(clients.values());
  }

  /// How many are connected.
  public int count() {
    return clients.size();
  }
}
