package io.redrill.server.persistence;

import io.redrill.server.dict.Dict;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.EpochListener;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// Visits every key as it is at one instant, in slices, while commands go on between the slices.
///
/// **Idea.** The instant is the beginning of an epoch of the keyspace. From then on an entry is
/// visited at the first of two moments: when the walk comes to it, or right before its first change
/// (also its removal and expiry). Either way it is then marked as seen in this epoch, so that it is
/// visited once; entries made later carry the epoch from birth and are never visited. Nothing is
/// copied, and no second data set is needed.
///
/// **Tables.** What is walked are the hash tables that the databases had at the instant, under the
/// numbers they had then. `SWAPDB` moves a table to another database, which does not matter here;
/// `FLUSHDB` gives the database a new table and leaves the old one to the walk, unchanged.
///
/// Invariant: an entry that existed at the instant and has not been visited is still in its table,
/// unchanged since.
final class SnapshotWalk implements EpochListener {

  /// So many entries are visited between two looks at the clock.
  private static final int ENTRIES_PER_LOOK = 16;

  private final Keyspace keyspace;
  private final ObjIntConsumer<KeyEntry> visitor;
  private final List<Table> tables = new ArrayList<>();
  private final int epoch;
  private long visited;
  private final long total;

  /// A hash table with the number of its database at the instant, and how far the walk is.
  private static final class Table {
    final int db;
    final Dict<KeyEntry> entries;
    long cursor;
    boolean done;

    Table(int db, Dict<KeyEntry> entries) {
      this.db = db;
      this.entries = entries;
    }
  }

  /// Begins: now is the instant. `visitor` gets each entry with the number of its database, and
  /// must not change any.
  SnapshotWalk(Keyspace keyspace, ObjIntConsumer<KeyEntry> visitor) {
    this.keyspace = keyspace;
    this.visitor = visitor;
    long keys = 0;
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database db = keyspace.database(i);
      tables.add(new Table(i, db.table()));
      keys += db.size();
    }
    total = keys;
    epoch = keyspace.beginEpoch();
    keyspace.epochListener(this);
  }

  /// Visits entries for about `nanos`; says whether all have now been visited.
  boolean step(long nanos) {
    long start = System.nanoTime();
    for (Table table : tables) {
      while (!table.done) {
        table.cursor =
            table.entries.scan(table.cursor, ENTRIES_PER_LOOK, entry -> visit(table.db, entry));
        table.done = table.cursor == 0;
        if (System.nanoTime() - start >= nanos) {
          return isDone();
        }
      }
    }
    return true;
  }

  /// Ends the walk, done or not.
  void close() {
    keyspace.epochListener(EpochListener.CARELESS);
    tables.clear();
  }

  /// How many entries have been visited.
  long visited() {
    return visited;
  }

  /// How many entries there are to visit.
  long total() {
    return total;
  }

  @Override
  public void beforeFirstChange(Database db, KeyEntry entry) {
    Dict<KeyEntry> entries = db.table();
    for (Table table : tables) {
      if (table.entries == entries) {
        visit(table.db, entry);
        return;
      }
    }
  }

  private boolean isDone() {
    return tables.stream().allMatch(table -> table.done);
  }

  private void visit(int db, KeyEntry entry) {
    if (!entry.changedSince(epoch)) {
      visitor.accept(entry, db);
      keyspace.markSeen(entry);
      visited++;
    }
  }
}
