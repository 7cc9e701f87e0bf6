package io.redrill.server.keyspace;

/// Follows what happens to keys; called on the keyspace's thread.
public interface KeyspaceListener {

  /// A key was made, changed or removed. `WATCH` and blocked clients live on this.
  void modified(Database db, byte[] key);

  /// A key has been removed because its time had come; its removal must reach replicas.
  void expired(Database db, byte[] key);
}
