package io.redrill.backup.repository;

import io.redrill.rdb.RdbKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What an image holds, counted and fingerprinted: by database, and there by kind of value.
///
/// Two images hold the same data when their summaries are equal.
///
/// @param databases those that hold keys, in ascending order
public record DatasetSummary(List<Database> databases, Functions functions) {

  /// Copies the list.
  public DatasetSummary {
    databases = List.copyOf(databases);
  }

  /// One database.
  ///
  /// @param expiring how many of its keys have an expiry
  /// @param digest 32 hex digits
  /// @param kinds those that occur, in the order of [RdbKind]
  public record Database(int db, long keys, long expiring, String digest, List<Kind> kinds) {

    /// Copies the list.
    public Database {
      kinds = List.copyOf(kinds);
    }
  }

  /// The values of one kind in one database.
  public record Kind(RdbKind kind, long keys, long expiring, String digest) {}

  /// The function libraries.
  public record Functions(long libraries, String digest) {}

  /// The number of keys in all databases.
  public long keys() {
    return databases.stream().mapToLong(Database::keys).sum();
  }

  /// The number of keys with an expiry in all databases.
  public long expiring() {
    return databases.stream().mapToLong(Database::expiring).sum();
  }

  /// The number of keys by kind, over all databases.
  public Map<RdbKind, Long> keysByKind() {
    Map<RdbKind, Long> counts = new TreeMap<>();
    for (Database database : databases) {
      for (Kind kind : database.kinds()) {
        counts.merge(kind.kind(), kind.keys(), Long::sum);
      }
    }
    return counts;
  }
}
