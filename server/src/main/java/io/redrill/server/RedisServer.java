package io.redrill.server;

import io.redrill.server.command.Access;
import io.redrill.server.command.Clients;
import io.redrill.server.command.CommandTable;
import io.redrill.server.command.Commands;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.command.ServerStatistics;
import io.redrill.server.keyspace.ActiveExpiry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.keyspace.ServerClock;
import io.redrill.server.network.Listener;
import io.redrill.server.network.ServerLoop;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// A running server: its data, its commands, its event loop and its open port.
public final class RedisServer implements Closeable {

  private static final Duration TICK = Duration.ofMillis(100);

  private final ServerLoop loop;
  private final Listener listener;

  private RedisServer(ServerLoop loop, Listener listener) {
    this.loop = loop;
    this.listener = listener;
  }

  /// Starts a server; blocks until it accepts connections.
  ///
  /// @param time the clock that expiry goes by
  /// @param random where random keys and members come from
  /// @throws IOException if the port cannot be opened
  public static RedisServer start(ServerConfig config, InstantSource time, RandomGenerator random)
      throws IOException {
    Keyspace keyspace = new Keyspace(config.databases(), new ServerClock(time), random);
    keyspace.limits(config.limits());
    ServerStatistics statistics = new ServerStatistics();
    CommandTable table = new CommandTable();
    Dispatcher dispatcher = new Dispatcher(keyspace, table, statistics);
    Access access = new Access(config.requirePass());
    Clients clients = new Clients(access);
    Commands.register(table, dispatcher, clients, access);
    ActiveExpiry expiry = new ActiveExpiry(keyspace);

    ServerLoop loop = ServerLoop.start();
    try {
      Listener listener =
          Listener.open(
              loop, config.bind(), config.port(), config.maxClients(), dispatcher, clients);
      loop.every(
          TICK,
          () -> {
            keyspace.clock().refresh();
            expiry.cycle();
            dispatcher.tick();
          });
      return new RedisServer(loop, listener);
    } catch (IOException e) {
      loop.close();
      throw e;
    }
  }

  /// The port it listens on.
  public int port() {
    return listener.port();
  }

  /// Closes the port and all connections, and ends the event loop; blocks until that is done.
  @Override
  public void close() {
    listener.close();
    loop.close();
  }
}
