package io.redrill.aof.stream;

/// How a primary answered the wish to follow it.
public sealed interface SyncResult {

  /// The replication ID of the stream that follows: 40 letters and digits.
  String replicationId();

  /// The offset at which the stream begins: the number of its bytes before the first that comes.
  long offset();

  /// A snapshot comes first, then the commands after it. Read the snapshot to its end and call
  /// [SnapshotPayload#finish()] before [ReplicationStream#commands()].
  record FullSync(String replicationId, long offset, SnapshotPayload snapshot)
      implements SyncResult {}

  /// The stream goes on where it was left. The ID is a new one if there was a failover.
  record Continued(String replicationId, long offset) implements SyncResult {}
}
