package io.redrill.server.replication;

import io.redrill.server.command.Client;
import io.redrill.server.command.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/// One replica: what it said about itself, how far it is, and what is still to be sent to it.
///
/// Parts of the stream are shared between replicas, not copied. They wait here while the snapshot
/// is made and sent, and while the socket is full.
final class Replica {

  private static final int FILE_CHUNK_BYTES = 64 * 1024;

  /// How far a replica is.
  enum State {
    /// It has only introduced itself.
    INTRODUCED,
    /// It wants a snapshot that has not begun.
    WAITS_FOR_START,
    /// Its snapshot is being made.
    WAITS_FOR_END,
    /// Its snapshot is being sent.
    RECEIVES_SNAPSHOT,
    /// It follows the stream.
    ONLINE,
    /// It has the snapshot, and wanted nothing else.
    SERVED;

    /// The word of the replica's line in `INFO`.
    String redisName() {
      return switch (this) {
        case INTRODUCED, WAITS_FOR_START, WAITS_FOR_END -> "wait_bgsave";
        case RECEIVES_SNAPSHOT, SERVED -> "send_bulk";
        case ONLINE -> "online";
      };
    }
  }

  private final Client client;
  private final Connection connection;
  private final Deque<byte[]> pending = new ArrayDeque<>();
  private long pendingBytes;
  private Optional<FileChannel> snapshot = Optional.empty();
  private Runnable snapshotSent = () -> {};

  State state = State.INTRODUCED;
  int listeningPort;
  String announcedAddress = "";
  boolean knowsPsync;
  boolean knowsReplicationIdChange;
  boolean snapshotOnly;
  long acknowledgedOffset;
  long acknowledgedAtMillis;
  long overSoftLimitSinceMillis = -1;

  Replica(Client client, Connection connection) {
    this.client = client;
    this.connection = connection;
    connection.onWritable(this::pump);
  }

  Client client() {
    return client;
  }

  /// The address to show: the announced one, else the peer's.
  String address() {
    if (!announcedAddress.isEmpty()) {
      return announcedAddress;
    }
    String peer = connection.remoteAddress();
    return peer.substring(0, Math.max(0, peer.lastIndexOf(':')));
  }

  /// Whether it wants the stream, now or after its snapshot.
  boolean followsStream() {
    return !snapshotOnly
        && switch (state) {
          case WAITS_FOR_END, RECEIVES_SNAPSHOT, ONLINE -> true;
          case INTRODUCED, WAITS_FOR_START, SERVED -> false;
        };
  }

  /// Sends something that is not part of the stream.
  void send(byte[] bytes) {
    connection.send(bytes, 0, bytes.length);
  }

  /// Sends a part of the stream, at once or when it is its turn.
  void enqueue(byte[] part) {
    pending.add(part);
    pendingBytes += part.length;
    pump();
  }

  /// Takes over what waits for another replica, whose snapshot this one shares.
  void waitLike(Replica other) {
    pending.addAll(other.pending);
    pendingBytes = other.pendingBytes;
  }

  /// Begins to send the snapshot in `file`; `whenSent` runs when the file is not needed any more,
  /// also if the connection breaks.
  void sendSnapshot(Path file, Runnable whenSent) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    snapshot = Optional.of(channel);
    snapshotSent = whenSent;
    state = State.RECEIVES_SNAPSHOT;
    send("$%d\r\n".formatted(channel.size()).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    pump();
  }

  /// Puts the replica online: it gets what waits for it, and all that follows.
  void goOnline() {
    state = State.ONLINE;
    pump();
  }

  /// Bytes of the stream that wait here.
  long pendingBytes() {
    return pendingBytes;
  }

  /// Whether the replica has had too much waiting for it, for too long.
  boolean exceeds(OutputLimit limit, long nowMillis) {
    if (limit.hardBytes() > 0 && pendingBytes > limit.hardBytes()) {
      return true;
    }
    if (limit.softBytes() == 0 || pendingBytes <= limit.softBytes()) {
      overSoftLimitSinceMillis = -1;
      return false;
    }
    if (overSoftLimitSinceMillis < 0) {
      overSoftLimitSinceMillis = nowMillis;
    }
    return nowMillis - overSoftLimitSinceMillis > limit.softSeconds() * 1000;
  }

  /// Cuts the connection.
  void disconnect() {
    connection.close();
  }

  /// Lets go of the snapshot file; to be called when the connection is gone.
  void closed() {
    pending.clear();
    pendingBytes = 0;
    endSnapshot();
  }

  @Override
  public String toString() {
    return "%s:%d (%s)".formatted(address(), listeningPort, state.name().toLowerCase(Locale.ROOT));
  }

  /// Sends as much as the socket takes.
  private void pump() {
    try {
      while (snapshot.isPresent() && connection.isWritable()) {
        ByteBuffer chunk = ByteBuffer.allocate(FILE_CHUNK_BYTES);
        if (snapshot.get().read(chunk) < 0) {
          endSnapshot();
          state = snapshotOnly ? State.SERVED : State.ONLINE;
        } else {
          connection.send(chunk.array(), 0, chunk.position());
        }
      }
    } catch (IOException e) {
      // The replica sees a broken transfer and asks again.
      disconnect();
      return;
    }
    while (state == State.ONLINE && !pending.isEmpty() && connection.isWritable()) {
      byte[] part = pending.remove();
      pendingBytes -= part.length;
      connection.send(part, 0, part.length);
    }
  }

  private void endSnapshot() {
    if (snapshot.isEmpty()) {
      return;
    }
    try {
      snapshot.get().close();
    } catch (IOException e) {
      // It was only read: nothing is lost.
    }
    snapshot = Optional.empty();
    snapshotSent.run();
  }
}
