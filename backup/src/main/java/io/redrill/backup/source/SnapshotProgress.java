package io.redrill.backup.source;

/// Is told how far the taking of a snapshot is; called often, and must be quick.
@FunctionalInterface
public interface SnapshotProgress {

  /// For callers that do not want to know.
  SnapshotProgress NONE = (rdbBytes, keys) -> {};

  /// So many bytes of the RDB, and so many keys, have been read.
  void read(long rdbBytes, long keys);
}
