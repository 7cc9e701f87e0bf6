package io.redrill.server.replication;

import io.redrill.server.command.Call;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.CommandException;
import io.redrill.server.command.CommandFlag;
import io.redrill.server.command.CommandTable;
import io.redrill.server.command.Connection;
import io.redrill.server.command.Dispatcher;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What replicas ask of their primary, and what clients ask about replicas.
public final class ReplicationCommands {

  private static final Set<CommandFlag> REPLICA =
      EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT, CommandFlag.NO_MULTI);

  private final Primary primary;
  private final Dispatcher dispatcher;

  /// Commands on `primary`.
  public ReplicationCommands(Primary primary, Dispatcher dispatcher) {
    this.primary = primary;
    this.dispatcher = dispatcher;
  }

  /// Adds the commands to `table`.
  public void register(CommandTable table) {
    table.add("psync", -3, KeyPositions.NONE, REPLICA, this::psync);
    table.add("sync", 1, KeyPositions.NONE, REPLICA, this::sync);
    table.add(
        "replconf",
        -1,
        KeyPositions.NONE,
        EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT, CommandFlag.LOADING, CommandFlag.STALE),
        this::replconf);
    table.add(
        "wait",
        3,
        KeyPositions.NONE,
        EnumSet.of(CommandFlag.NOSCRIPT, CommandFlag.BLOCKING),
        this::await);
    table.add(
        "role",
        1,
        KeyPositions.NONE,
        EnumSet.of(CommandFlag.NOSCRIPT, CommandFlag.LOADING, CommandFlag.STALE, CommandFlag.FAST),
        this::role);
    table.add("replicaof", 3, KeyPositions.NONE, REPLICA, this::replicaOf);
    table.add("slaveof", 3, KeyPositions.NONE, REPLICA, this::replicaOf);
  }

  private void psync(Call call) {
    long offset = call.integer(2);
    Replica replica = replica(call);
    if (isSynchronised(replica)) {
      return;
    }
    primary.psync(replica, call.text(1), offset);
  }

  private void sync(Call call) {
    Replica replica = replica(call);
    if (!isSynchronised(replica)) {
      primary.fullSync(replica);
    }
  }

  /// A replica that asks again on the same connection is ignored, as Redis does.
  private static boolean isSynchronised(Replica replica) {
    return replica.state != Replica.State.INTRODUCED;
  }

  private void replconf(Call call) {
    if (call.count() % 2 == 0) {
      throw new CommandException(CommandException.SYNTAX);
    }
    for (int i = 1; i < call.count(); i += 2) {
      String option = call.text(i).toLowerCase(Locale.ROOT);
      switch (option) {
        case "listening-port" ->
            replica(call).listeningPort =
                (int) call.integer(i + 1, 0, 65535, CommandException.NOT_INTEGER);
        case "ip-address" -> replica(call).announcedAddress = call.text(i + 1);
        case "capa" -> replica(call).knowsReplicationIdChange |= call.is(i + 1, "PSYNC2");
        case "rdb-only" ->
            replica(call).snapshotOnly =
                call.integer(i + 1, 0, 1, CommandException.NOT_INTEGER) == 1;
        case "ack" -> {
          acknowledge(call, i);
          return;
        }
        case "fack" -> {
          // How much is durable at the replica; nothing here goes by it.
          return;
        }
        case "getack" -> {
          // A primary's question; one that is asked itself stays silent.
          return;
        }
        case "version" -> {
          // Valkey's replicas tell; what is sent does not depend on it.
        }
        case "rdb-filter-only" ->
            throw new CommandException(
                "ERR Unsupported rdb-filter-only option: " + call.text(i + 1));
        default -> throw new CommandException("ERR Unrecognized REPLCONF option: " + option);
      }
    }
    call.reply().ok();
  }

  private void acknowledge(Call call, int at) {
    primary.acknowledge(replica(call), call.integer(at + 1));
  }

  private void await(Call call) {
    long wanted = call.integer(1);
    long timeout = call.integer(2, "ERR timeout is not an integer or out of range");
    if (timeout < 0) {
      throw new CommandException("ERR timeout is negative");
    }
    long count = primary.countAcknowledged();
    Connection connection = call.client().connection();
    if (count >= wanted || dispatcher.isNested() || connection == null) {
      call.reply().integer(count);
      return;
    }
    primary.await(call.client(), connection, wanted, timeout == 0 ? 0 : call.now() + timeout);
  }

  private void role(Call call) {
    Collection<Replica> replicas = primary.replicas();
    call.reply().array(3);
    call.reply().bulk("master");
    call.reply().integer(primary.offset());
    call.reply().array(replicas.size());
    for (Replica replica : replicas) {
      call.reply().array(3);
      call.reply().bulk(replica.address());
      call.reply().bulk(replica.listeningPort);
      call.reply().bulk(replica.acknowledgedOffset);
    }
  }

  private void replicaOf(Call call) {
    if (call.is(1, "NO") && call.is(2, "ONE")) {
      call.reply().ok(); // A primary it is already.
      return;
    }
    throw new CommandException("ERR this server cannot be a replica");
  }

  private Replica replica(Call call) {
    Connection connection = call.client().connection();
    if (connection == null) {
      throw new CommandException("ERR replication needs a connection");
    }
    connection.flush();
    return primary.replica(call.client(), connection);
  }
}
