import org.jspecify.annotations.NullMarked;

/// RESP, append-only files and the replication stream: read, write, cut, repair.
///
/// `io.redrill.aof` reads records with their positions, `io.redrill.aof.resp` is the wire protocol,
/// `io.redrill.aof.stream` follows a primary, `io.redrill.aof.follow` does so into an append-only
/// file. This module knows nothing of stores.
@NullMarked
module io.redrill.aof {
  requires static org.jspecify;
  requires transitive io.redrill.rdb;

  exports io.redrill.aof;
  exports io.redrill.aof.follow;
  exports io.redrill.aof.resp;
  exports io.redrill.aof.stream;
}
