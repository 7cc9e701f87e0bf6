package io.redrill.aof.stream;

import io.redrill.aof.resp.ServerEndpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// How to attach to a primary.
///
/// @param endpoint the primary. Its read timeout must be longer than the primary's
///   `repl-ping-replica-period` (10 seconds unless configured): a silence of that length is failure
/// @param listeningPort what the primary shows in `INFO`; 0 there without it
/// @param rdbOnly only the snapshot is wanted; servers from 7.0 on then do not count this link for
///   `WAIT` or `min-replicas-to-write`. Older ones do not know it, and go on with commands
/// @param announcedVersion what Valkey chooses the RDB version by: without it, it sends the one of
///   Valkey 8 and fails where a hash field has an expiry. Other servers ignore it
/// @param acknowledgeInterval the longest time between two acknowledgements
public record ReplicationOptions(
    ServerEndpoint endpoint,
    OptionalInt listeningPort,
    boolean rdbOnly,
    Optional<String> announcedVersion,
    Duration acknowledgeInterval) {

  /// The first version of Valkey that writes every type it has.
  private static final String VALKEY_9 = "9.0.0";

  /// Snapshot and commands, acknowledged each second.
  public static ReplicationOptions of(ServerEndpoint endpoint) {
    return new ReplicationOptions(
        endpoint, OptionalInt.empty(), false, Optional.of(VALKEY_9), Duration.ofSeconds(1));
  }

  /// The same, for the snapshot alone.
  public ReplicationOptions snapshotOnly() {
    return new ReplicationOptions(
        endpoint, listeningPort, true, announcedVersion, acknowledgeInterval);
  }

  /// The same, announcing `port`.
  public ReplicationOptions withListeningPort(int port) {
    return new ReplicationOptions(
        endpoint, OptionalInt.of(port), rdbOnly, announcedVersion, acknowledgeInterval);
  }

  /// The same at another primary.
  public ReplicationOptions at(ServerEndpoint other) {
    return new ReplicationOptions(
        other, listeningPort, rdbOnly, announcedVersion, acknowledgeInterval);
  }
}
