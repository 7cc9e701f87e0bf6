package io.redrill.server.keyspace;

/// Sees what is about to be overwritten for the first time in an epoch, while it is still there.
///
/// A snapshot begins an epoch, walks the databases, and takes from this listener what changes
/// before the walk comes by: together they are the data as it was when the epoch began. Called on
/// the keyspace's thread.
@FunctionalInterface
public interface EpochListener {

  /// Takes no notice.
  EpochListener CARELESS = (db, entry) -> {};

  /// `entry`, untouched since the epoch began, is about to change or go. Not called for the entries
  /// of a database that is flushed: their table stays as it is, and belongs to whoever holds it.
  void beforeFirstChange(Database db, KeyEntry entry);
}
