package io.redrill.server.keyspace;

/// Sees what is about to be overwritten for the first time in an epoch, while it is still there.
///
/// A snapshot begins an epoch, walks the databases, and takes from this listener what changes
/// before the walk comes by: together they are the data as it was when the epoch began. Called on
/// the keyspace's thread.
public interface EpochListener {

  /// `entry`, untouched since the epoch began, is about to change or go.
  void beforeFirstChange(Database db, KeyEntry entry);

  /// All of `db` is about to be dropped.
  void beforeFlush(Database db);

  /// The contents of two databases are about to change places.
  void beforeSwap(Database first, Database second);
}
