package io.redrill.server;

import io.redrill.server.command.Access;
import io.redrill.server.command.Client;
import io.redrill.server.command.Clients;
import io.redrill.server.command.Command;
import io.redrill.server.command.CommandTable;
import io.redrill.server.command.Commands;
import io.redrill.server.command.Connection;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.command.ServerStatistics;
import io.redrill.server.config.ConfigCommands;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.info.InfoCommand;
import io.redrill.server.info.ServerInfo;
import io.redrill.server.keyspace.ActiveExpiry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.keyspace.ServerClock;
import io.redrill.server.log.ServerLog;
import io.redrill.server.network.Listener;
import io.redrill.server.network.ReplyCycle;
import io.redrill.server.network.ServerLoop;
import io.redrill.server.persistence.LoadReport;
import io.redrill.server.persistence.Persistence;
import io.redrill.server.persistence.PersistenceCommands;
import io.redrill.server.persistence.ReplicationPosition;
import io.redrill.server.replication.Primary;
import io.redrill.server.replication.ReplicationCommands;
import io.redrill.server.type.EncodingLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// A running server: its data, its commands, its files, its replicas, its event loop and its port.
public final class RedisServer implements Closeable {

  private static final Duration TICK = Duration.ofMillis(100);

  private final ServerConfig config;
  private final InstantSource time;
  private final ServerLog log;
  private final ServerLoop loop = ServerLoop.start();
  private final Keyspace keyspace;
  private final ServerStatistics statistics = new ServerStatistics();
  private final CommandTable table = new CommandTable();
  private final Dispatcher dispatcher;
  private final Access access;
  private final Clients clients;
  private final Persistence persistence;
  private final ActiveExpiry expiry;
  private final CompletableFuture<Ending> ended = new CompletableFuture<>();
  private final List<Listener> listeners = new ArrayList<>();
  private Optional<Primary> primary = Optional.empty();

  /// Why a server has ended.
  public enum Ending {
    /// It was asked to.
    SHUT_DOWN,
    /// What `appendfsync always` promises could not be kept.
    LOG_FAILED
  }

  private RedisServer(
      ServerConfig config, InstantSource time, RandomGenerator random, ServerLog log) {
    this.config = config;
    this.time = time;
    this.log = log;
    keyspace = new Keyspace(config.intNumber(Directive.DATABASES), new ServerClock(time), random);
    keyspace.keepExpired(config.yes(Directive.REDRILL_KEEP_EXPIRED));
    dispatcher = new Dispatcher(keyspace, table, statistics);
    access = new Access(config.text(Directive.REQUIREPASS));
    clients = new Clients(access);
    persistence = new Persistence(config, dispatcher, loop, time, log);
    expiry = new ActiveExpiry(keyspace);
  }

  /// As [#start(ServerConfig, InstantSource, RandomGenerator, ServerLog)], without a log.
  public static RedisServer start(ServerConfig config, InstantSource time, RandomGenerator random)
      throws IOException {
    return start(config, time, random, ServerLog.silent(time));
  }

  /// Starts a server: loads its files, then opens its port (0 for any free one); blocks until it
  /// accepts connections.
  ///
  /// @param config becomes the server's own
  /// @param time the clock that expiry goes by
  /// @param random where random keys and members come from
  /// @throws IOException if the files cannot be loaded or the port cannot be opened
  public static RedisServer start(
      ServerConfig config, InstantSource time, RandomGenerator random, ServerLog log)
      throws IOException {
    RedisServer server = new RedisServer(config, time, random, log);
    try {
      server.loop.call(() -> {
        server.load(random);
        return true;
      });
      server.open();
      return server;
    } catch (Exception e) {
      server.loop.close();
      Throwable cause = e instanceof java.util.concurrent.ExecutionException ? e.getCause() : e;
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException("the server cannot start", cause);
    }
  }

  /// The port it listens on.
  public int port() {
    return listeners.getFirst().port();
  }

  /// Blocks until the server has ended.
  public Ending awaitEnd() {
    return ended.join();
  }

  /// Ends the server in order, as `SHUTDOWN` does: the data is saved if there are save points, the
  /// log is made durable, connections are closed.
  ///
  /// @throws IOException if something could not be written; the server goes on
  public void shutDown() throws IOException {
    if (ended.isDone()) {
      return;
    }
    try {
      loop.call(() -> {
        shutDownFiles(!config.text(Directive.SAVE).isEmpty());
        return true;
      });
    } catch (Exception e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("the server cannot shut down", e);
    }
    end(Ending.SHUT_DOWN);
  }

  /// As [#shutDown()]; ends the server also if something could not be written, which its log tells.
  @Override
  public void close() {
    try {
      shutDown();
    } catch (IOException e) {
      log.warning("Errors trying to shut down the server: " + e.getMessage());
      end(Ending.SHUT_DOWN);
    }
  }

  private void load(RandomGenerator random) throws IOException {
    limitEncodings();
    Commands.register(table, dispatcher, clients, access);
    LoadReport loaded = persistence.start();
    Primary stream =
        new Primary(
            config,
            persistence,
            config.yes(Directive.APPENDONLY)
                ? new ReplicationPosition("", -1, 0)
                : new ReplicationPosition(loaded.replicationId(), loaded.replicationOffset(), 0),
            time,
            random,
            log);
    primary = Optional.of(stream);
    persistence.position(stream::position);
    persistence.whenIdle(stream::startSync);
    dispatcher.propagation((db, command) -> {
      persistence.append(db, command);
      stream.append(db, command);
    });
    dispatcher.gate(this::refuse);
    registerCommands(stream, random);
    watchConfig();
  }

  private Optional<String> refuse(Client client, Command command) {
    if (command.name().startsWith("debug")
        && !ConfigCommands.admits(config.text(Directive.ENABLE_DEBUG_COMMAND), client)) {
      return Optional.of(
          "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.");
    }
    return command.isWrite() || command.name().equals("ping")
        ? persistence.refusal()
        : Optional.empty();
  }

  private void registerCommands(Primary stream, RandomGenerator random) {
    new PersistenceCommands(persistence, dispatcher).register(table, table.require("debug"));
    new ReplicationCommands(stream, dispatcher).register(table);
    new ShutdownCommand(this::shutDownFromCommand).register(table);
    ServerInfo info =
        new ServerInfo(config, dispatcher, clients, persistence, stream, time, random);
    info.register(new InfoCommand()).register(table);
    new ConfigCommands(config, info::resetStatistics).register(table);
  }

  private void open() throws IOException {
    ReplyCycle cycle = new ReplyCycle(loop, this::beforeReplies);
    for (String address : config.text(Directive.BIND).split(" ", -1)) {
      boolean optional = address.startsWith("-");
      String bare = optional ? address.substring(1) : address;
      try {
        listeners.add(
            Listener.open(
                loop,
                bare.equals("*") ? "0.0.0.0" : bare,
                listeners.isEmpty() ? config.intNumber(Directive.PORT) : port(),
                () -> config.intNumber(Directive.MAXCLIENTS),
                cycle,
                dispatcher,
                clients));
      } catch (IOException e) {
        if (!optional || listeners.isEmpty()) {
          throw e;
        }
      }
    }
    loop.every(TICK, this::tick);
    log.notice("Sockets are served by " + loop.transport());
    log.notice("Ready to accept connections");
  }

  private void tick() {
    keyspace.clock().refresh();
    expiry.cycle();
    dispatcher.tick();
    disconnectIdle();
    primary.orElseThrow().tick();
    try {
      persistence.tick();
    } catch (IOException e) {
      failed(e);
    }
  }

  /// Closes connections that have been idle for longer than `timeout`; replicas and clients that
  /// wait are not idle.
  private void disconnectIdle() {
    long timeoutMillis = config.number(Directive.TIMEOUT) * 1000;
    if (timeoutMillis == 0) {
      return;
    }
    long now = time.millis();
    for (Client client : List.copyOf(clients.all())) {
      Connection connection = client.connection();
      if (connection != null
          && now - client.activeAtMillis() > timeoutMillis
          && !primary.orElseThrow().concerns(client)
          && !dispatcher.isBlocked(client)) {
        connection.close();
      }
    }
  }

  private void beforeReplies() {
    try {
      persistence.beforeReplies();
    } catch (IOException e) {
      failed(e);
      throw new UncheckedIOException("the append-only log cannot be written", e);
    }
    primary.orElseThrow().flush();
  }

  /// What `appendfsync always` promises cannot be kept: nothing must be answered any more.
  private void failed(IOException problem) {
    log.warning(
        "Can't recover from AOF write error when the AOF fsync policy is 'always': %s. Exiting..."
            .formatted(problem.getMessage()));
    Thread.ofPlatform().name("redrill-end").start(() -> end(Ending.LOG_FAILED));
  }

  private void shutDownFromCommand(Optional<Boolean> save) throws IOException {
    log.notice("User requested shutdown...");
    shutDownFiles(save.orElse(!config.text(Directive.SAVE).isEmpty()));
    Thread.ofPlatform().name("redrill-end").start(() -> end(Ending.SHUT_DOWN));
  }

  private void shutDownFiles(boolean save) throws IOException {
    primary.orElseThrow().flush();
    persistence.shutDown(save);
    log.notice("Redis is now ready to exit, bye bye...");
  }

  private void end(Ending ending) {
    synchronized (ended) {
      if (!ended.isDone()) {
        listeners.forEach(Listener::close);
        loop.close();
        ended.complete(ending);
      }
    }
  }

  private void watchConfig() {
    config.watch(Directive.REQUIREPASS, () -> access.password(config.text(Directive.REQUIREPASS)));
    for (Directive limit :
        List.of(
            Directive.HASH_MAX_LISTPACK_ENTRIES,
            Directive.HASH_MAX_LISTPACK_VALUE,
            Directive.SET_MAX_INTSET_ENTRIES,
            Directive.ZSET_MAX_LISTPACK_ENTRIES,
            Directive.ZSET_MAX_LISTPACK_VALUE,
            Directive.LIST_MAX_LISTPACK_SIZE)) {
      config.watch(limit, this::limitEncodings);
    }
  }

  private void limitEncodings() {
    keyspace.limits(
        new EncodingLimits(
            config.intNumber(Directive.HASH_MAX_LISTPACK_ENTRIES),
            config.intNumber(Directive.HASH_MAX_LISTPACK_VALUE),
            config.intNumber(Directive.SET_MAX_INTSET_ENTRIES),
            EncodingLimits.DEFAULT.setMaxListpackEntries(),
            EncodingLimits.DEFAULT.setMaxListpackValue(),
            config.intNumber(Directive.ZSET_MAX_LISTPACK_ENTRIES),
            config.intNumber(Directive.ZSET_MAX_LISTPACK_VALUE),
            config.intNumber(Directive.LIST_MAX_LISTPACK_SIZE),
            EncodingLimits.DEFAULT.streamNodeMaxBytes(),
            EncodingLimits.DEFAULT.streamNodeMaxEntries()));
  }
}
