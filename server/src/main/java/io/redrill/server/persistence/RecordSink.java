package io.redrill.server.persistence;

import io.redrill.rdb.RdbRecord;

/// Takes the records of a snapshot, in any order of databases. Called on the keyspace's thread.
@FunctionalInterface
interface RecordSink {

  /// Takes one record, whose bytes are not changed any more. May block to slow its caller down.
  void accept(RdbRecord record);
}
