import org.jspecify.annotations.NullMarked;

/// RDB files and DUMP payloads: read, write, check, convert, fingerprint and salvage, with nothing
/// but the JDK.
///
/// The way in is [io.redrill.rdb.RdbCursor], which walks the records of a
/// [io.redrill.rdb.ByteInput]; [io.redrill.rdb.RdbWriter] is its opposite. This module knows
/// nothing of servers, networks or stores.
@NullMarked
module io.redrill.rdb {
  requires static org.jspecify;

  exports io.redrill.rdb;
  exports io.redrill.rdb.check;
  exports io.redrill.rdb.convert;
  exports io.redrill.rdb.diff;
  exports io.redrill.rdb.digest;
  exports io.redrill.rdb.encoding;
  exports io.redrill.rdb.filter;
  exports io.redrill.rdb.spill;
  exports io.redrill.rdb.stats;
  exports io.redrill.rdb.salvage;
  exports io.redrill.rdb.json;
}
