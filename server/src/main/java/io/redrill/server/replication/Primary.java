package io.redrill.server.replication;

import io.redrill.server.command.Client;
import io.redrill.server.command.Connection;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.info.InfoText;
import io.redrill.server.log.ServerLog;
import io.redrill.server.persistence.CommandBuffer;
import io.redrill.server.persistence.Persistence;
import io.redrill.server.persistence.ReplicationPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The source of the replication stream.
///
/// **Stream.** Every effect is appended, with `SELECT` where the database changes; the parts of one
/// cycle of the event loop leave together, before the replies. The backlog is always kept, also
/// without replicas, so every RDB file carries a position that can be resumed.
///
/// **Full synchronisation.** A replica that cannot go on from the backlog waits for a snapshot; all
/// that wait when one begins share it, and so do those that come while it is being made. It goes
/// through a temporary file. Its instant is a boundary in the stream: what follows is kept for each
/// replica, and begins with `SELECT`.
///
/// **Memory.** Parts of the stream are shared by the replicas; one that has more waiting than
/// `client-output-buffer-limit` allows is cut off.
public final class Primary {

  private static final byte[][] PING = words("PING");
  private static final byte[][] GET_ACK = words("REPLCONF", "GETACK", "*");
  private static final byte[] NEW_LINE = {'\n'};

  private final ServerConfig config;
  private final Persistence persistence;
  private final InstantSource time;
  private final ServerLog log;
  private final CommandBuffer stream = new CommandBuffer();
  private final Backlog backlog;
  private final ReplicationIds ids;
  private final Map<Client, Replica> replicas = new LinkedHashMap<>();
  private final AcknowledgementWaits waits = new AcknowledgementWaits();
  private long flushedOffset;
  private long lastEffectOffset;
  private long syncOffset;
  private long pingedAtMillis;
  private long keptAliveAtMillis;
  private long fullSyncs;
  private long partialSyncs;
  private long refusedPartialSyncs;

  /// Makes a primary whose stream goes on where the loaded RDB stood, if it said so.
  public Primary(
      ServerConfig config,
      Persistence persistence,
      ReplicationPosition loaded,
      InstantSource time,
      RandomGenerator random,
      ServerLog log) {
    this.config = config;
    this.persistence = persistence;
    this.time = time;
    this.log = log;
    boolean goesOn = loaded.offset() >= 0 && loaded.id().length() == 40;
    this.ids =
        goesOn
            ? ReplicationIds.after(loaded.id(), loaded.offset(), random)
            : ReplicationIds.fresh(random);
    this.flushedOffset = goesOn ? loaded.offset() : 0;
    this.backlog = new Backlog(config.intNumber(Directive.REPL_BACKLOG_SIZE), flushedOffset);
    config.watch(
        Directive.REPL_BACKLOG_SIZE,
        () -> backlog.resize(config.intNumber(Directive.REPL_BACKLOG_SIZE)));
  }

  // ---- the stream

  /// Appends an effect.
  public void append(int db, byte[][] command) {
    stream.append(db, command);
    lastEffectOffset = offset();
  }

  /// Sends what has been appended; to be called before the replies of these effects leave.
  public void flush() {
    if (stream.length() == 0) {
      return;
    }
    byte[] part = stream.take();
    flushedOffset += part.length;
    backlog.append(part);
    OutputLimit limit = OutputLimit.ofReplicas(config.text(Directive.CLIENT_OUTPUT_BUFFER_LIMIT));
    for (Replica replica : List.copyOf(replicas.values())) {
      if (replica.followsStream()) {
        replica.enqueue(part);
        if (replica.exceeds(limit, time.millis())) {
          log.warning(
              "Replica %s closed for overcoming of output buffer limits.".formatted(replica));
          replica.disconnect();
        }
      }
    }
  }

  /// How many bytes the stream has.
  public long offset() {
    return flushedOffset + stream.length();
  }

  /// Where the stream stands, for an RDB file.
  public ReplicationPosition position() {
    return new ReplicationPosition(ids.current(), offset(), Math.max(0, stream.db()));
  }

  // ---- replicas

  /// What is known of the replica behind a client; made at the first question.
  Replica replica(Client client, Connection connection) {
    return replicas.computeIfAbsent(
        client,
        _ -> {
          client.onClose(() -> disconnected(client));
          return new Replica(client, connection);
        });
  }

  /// Serves `PSYNC id offset`: goes on from the backlog, or begins a full synchronisation.
  void psync(Replica replica, String id, long offset) {
    replica.knowsPsync = true;
    flush();
    if (ids.includes(id, offset) && backlog.holds(offset)) {
      partialSyncs++;
      String answer = replica.knowsReplicationIdChange ? "+CONTINUE " + ids.current() : "+CONTINUE";
      replica.send(line(answer));
      replica.acknowledgedAtMillis = time.millis();
      byte[] missing = backlog.from(offset);
      replica.state = Replica.State.ONLINE;
      if (missing.length > 0) {
        replica.enqueue(missing);
      }
      log.notice(
          "Partial resynchronization request from %s accepted. Sending %d bytes of backlog starting from offset %d."
              .formatted(replica.address(), missing.length, offset));
      return;
    }
    if (!id.equals("?")) {
      refusedPartialSyncs++;
      log.notice(
          "Partial resynchronization not accepted: no common history with %s:%d"
              .formatted(id, offset));
    }
    fullSync(replica);
  }

  /// Begins a full synchronisation of a replica, at once or when the running snapshot has ended.
  void fullSync(Replica replica) {
    fullSyncs++;
    Optional<Replica> sharer =
        replicas.values().stream()
            .filter(other -> other.state == Replica.State.WAITS_FOR_END)
            .findFirst();
    if (sharer.isPresent()) {
      flush();
      replica.waitLike(sharer.get());
      admit(replica);
      log.notice("Waiting for end of BGSAVE for SYNC");
    } else {
      replica.state = Replica.State.WAITS_FOR_START;
      startSync();
    }
  }

  /// Begins a snapshot for the replicas that wait for one, if no other snapshot runs.
  public void startSync() {
    List<Replica> waiting = in(Replica.State.WAITS_FOR_START);
    if (waiting.isEmpty() || persistence.running().isPresent()) {
      return;
    }
    log.notice("Starting BGSAVE for SYNC with target: disk");
    flush();
    stream.forgetDb();
    syncOffset = flushedOffset;
    waiting.forEach(this::admit);
    persistence.beginSync(this::snapshotReady);
  }

  /// Tells a replica that its snapshot is that of [#syncOffset].
  private void admit(Replica replica) {
    replica.state = Replica.State.WAITS_FOR_END;
    if (replica.knowsPsync) {
      replica.send(line("+FULLRESYNC %s %d".formatted(ids.current(), syncOffset)));
    }
  }

  private void snapshotReady(Optional<Path> file) {
    List<Replica> waiting = in(Replica.State.WAITS_FOR_END);
    if (file.isEmpty()) {
      waiting.forEach(Replica::disconnect);
      return;
    }
    int[] users = {waiting.size() + 1};
    Runnable release =
        () -> {
          if (--users[0] == 0) {
            delete(file.get());
          }
        };
    for (Replica replica : waiting) {
      try {
        replica.acknowledgedAtMillis = time.millis();
        replica.sendSnapshot(file.get(), release);
      } catch (IOException e) {
        log.warning("Can't send the snapshot to %s: %s".formatted(replica, e.getMessage()));
        release.run();
        replica.disconnect();
      }
    }
    release.run();
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warning("Can't delete %s: %s".formatted(file, e.getMessage()));
    }
  }

  /// Takes a replica's word for how far it is.
  void acknowledge(Replica replica, long offset) {
    replica.acknowledgedOffset = Math.max(replica.acknowledgedOffset, offset);
    replica.acknowledgedAtMillis = time.millis();
    waits.acknowledged(this::countAcknowledged);
  }

  private void disconnected(Client client) {
    Replica gone = replicas.remove(client);
    if (gone != null) {
      gone.closed();
      if (gone.state != Replica.State.INTRODUCED) {
        log.notice("Connection with replica %s lost.".formatted(gone));
      }
    }
  }

  // ---- waiting for replicas

  /// How many replicas have acknowledged every effect so far.
  long countAcknowledged() {
    return countAcknowledged(lastEffectOffset);
  }

  private long countAcknowledged(long offset) {
    return in(Replica.State.ONLINE).stream()
        .filter(replica -> replica.acknowledgedOffset >= offset)
        .count();
  }

  /// Lets a client wait until `wanted` replicas have acknowledged all of the stream so far, or
  /// until a time, Unix milliseconds (0 for ever); then it is told how many have.
  void await(Client client, Connection connection, long wanted, long untilMillis) {
    waits.add(client, connection, lastEffectOffset, wanted, untilMillis);
    stream.appendRaw(GET_ACK);
  }

  /// Whether a client is a replica, or waits for replicas.
  public boolean concerns(Client client) {
    return replicas.containsKey(client) || waits.has(client);
  }

  /// How many clients wait for replicas.
  public int waitingClients() {
    return waits.count();
  }

  // ---- what happens from time to time

  /// Does what is due; to be called about ten times a second.
  public void tick() {
    long now = time.millis();
    waits.expire(now, this::countAcknowledged);
    if (replicas.isEmpty()) {
      return;
    }
    if (now - pingedAtMillis >= config.number(Directive.REPL_PING_REPLICA_PERIOD) * 1000
        && !in(Replica.State.ONLINE).isEmpty()) {
      pingedAtMillis = now;
      stream.appendRaw(PING);
    }
    if (now - keptAliveAtMillis >= 1000) {
      keptAliveAtMillis = now;
      in(Replica.State.WAITS_FOR_START).forEach(replica -> replica.send(NEW_LINE));
      in(Replica.State.WAITS_FOR_END).forEach(replica -> replica.send(NEW_LINE));
    }
    disconnectSilent(now);
    startSync();
    flush();
  }

  private void disconnectSilent(long now) {
    long timeout = config.number(Directive.REPL_TIMEOUT) * 1000;
    for (Replica replica : in(Replica.State.ONLINE)) {
      if (replica.knowsPsync && now - replica.acknowledgedAtMillis > timeout) {
        log.warning("Disconnecting timedout replica (streaming sync): " + replica);
        replica.disconnect();
      }
    }
  }

  // ---- figures

  /// The replicas that have asked to be synchronised.
  Collection<Replica> replicas() {
    return replicas.values().stream()
        .filter(replica -> replica.state != Replica.State.INTRODUCED && !replica.snapshotOnly)
        .toList();
  }

  /// How many connections are replicas.
  public int count() {
    return replicas().size();
  }

  /// The section `replication` of `INFO`.
  public void describe(InfoText info) {
    info.field("role", "master");
    List<Replica> known = new ArrayList<>(replicas());
    info.field("connected_slaves", known.size());
    for (int i = 0; i < known.size(); i++) {
      Replica replica = known.get(i);
      long lag =
          replica.state == Replica.State.ONLINE
              ? (time.millis() - replica.acknowledgedAtMillis) / 1000
              : 0;
      info.field(
          "slave" + i,
          "ip=%s,port=%d,state=%s,offset=%d,lag=%d"
              .formatted(
                  replica.address(),
                  replica.listeningPort,
                  replica.state.redisName(),
                  replica.acknowledgedOffset,
                  lag));
    }
    info.field("master_failover_state", "no-failover");
    info.field("master_replid", ids.current());
    info.field("master_replid2", ids.previous());
    info.field("master_repl_offset", offset());
    info.field("second_repl_offset", ids.previousEnd());
    info.field("repl_backlog_active", 1);
    info.field("repl_backlog_size", backlog.size());
    info.field("repl_backlog_first_byte_offset", backlog.firstOffset());
    info.field("repl_backlog_histlen", backlog.held());
  }

  /// The fields about replication in the section `stats` of `INFO`.
  public void describeStatistics(InfoText info) {
    info.field("sync_full", fullSyncs);
    info.field("sync_partial_ok", partialSyncs);
    info.field("sync_partial_err", refusedPartialSyncs);
  }

  /// Bytes that wait for replicas, and the backlog.
  public long bufferBytes() {
    return backlog.size() + replicas.values().stream().mapToLong(Replica::pendingBytes).sum();
  }

  // ---- within

  private List<Replica> in(Replica.State state) {
    return replicas.values().stream().filter(replica -> replica.state == state).toList();
  }

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[][] words(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(StandardCharsets.US_ASCII);
    }
    return bytes;
  }
}
