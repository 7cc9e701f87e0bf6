package io.redrill.rdb.salvage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Notices that a hole took the name of a database.
///
/// Behind a hole keys count as of the database before it, until a record names one. They are of
/// another
///
/// - if nearly all of them stand in front of the hole too, with other values: no database holds a
///   key twice. Equal records are no sign of that, as a page that stands twice has them;
/// - or if they are more than the file says that the database before has left.
///
/// As servers write databases in ascending order, there has to be a number between those of the
/// databases that are named before and behind.
final class LostDatabases {

  private static final int LEAST_KEYS = 8;

  /// Each takes another survey.
  private static final int MOST = 16;

  /// The keys from a hole on, up to the next or to the name of a database.
  private static final class Row {

    private final long start;
    private final int db;
    private final boolean isPlaced;
    private final OptionalLong left;
    private long keys;
    private long taken;
    private long differing;
    private int nextNamed = Integer.MAX_VALUE;

    private Row(long start, int db, boolean isPlaced, OptionalLong left) {
      this.start = start;
      this.db = db;
      this.isPlaced = isPlaced;
      this.left = left;
    }

    private boolean isOfAnother() {
      return (differing >= LEAST_KEYS && taken * 4 >= keys * 3)
          || (left.isPresent() && keys - taken - left.getAsLong() >= LEAST_KEYS);
    }
  }

  private final Map<Long, Integer> placed;
  private final List<Row> rows = new ArrayList<>();
  private int firstOfHoles;

  /// @param placed the databases that surveys before found to be lost, by where their rows begin
  LostDatabases(Map<Long, Integer> placed) {
    this.placed = placed;
  }

  /// A row begins behind a hole; returns its database, which is `db` unless another is known.
  ///
  /// @param left how many keys `db` may still have, if the file says that
  int begin(long start, int db, OptionalLong left) {
    boolean isPlaced = placed.containsKey(start);
    int known = placed.getOrDefault(start, db);
    rows.add(new Row(start, known, isPlaced, isPlaced ? OptionalLong.empty() : left));
    return known;
  }

  /// A record names database `db`, which ends the row.
  void name(int db) {
    for (; firstOfHoles < rows.size(); firstOfHoles++) {
      rows.get(firstOfHoles).nextNamed = db;
    }
  }

  /// A key of the row that began last.
  void addKey() {
    if (!rows.isEmpty()) {
      rows.getLast().keys++;
    }
  }

  /// The key of the record at `start`, behind a hole, stands at `earlier` too, in the same
  /// database.
  ///
  /// @param isEqual whether the two records are equal
  void addRepeated(long start, long earlier, boolean isEqual) {
    Row row = rowOf(start);
    if (earlier < row.start) {
      row.taken++;
      row.differing += isEqual ? 0 : 1;
    }
  }

  private Row rowOf(long start) {
    int low = 0;
    int high = rows.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (rows.get(middle).start <= start) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return rows.get(low);
  }

  /// The databases of rows by where those begin, with one more than are known; empty if there is no
  /// other.
  ///
  /// @param named the databases that have a name in the file, and keys
  Optional<Map<Long, Integer>> withAnother(Map<Integer, Long> named) {
    if (placed.size() >= MOST) {
      return Optional.empty();
    }
    for (Row row : rows) {
      if (row.isOfAnother()) {
        int free = row.db + 1;
        while (named.containsKey(free)) {
          free++;
        }
        if (row.nextNamed <= row.db || free < row.nextNamed) {
          Map<Long, Integer> more = new TreeMap<>(placed);
          more.put(row.start, free);
          return Optional.of(more);
        }
      }
    }
    return Optional.empty();
  }

  /// What there is to say of the databases that were found to be lost.
  List<String> remarks() {
    return rows.stream()
        .filter(row -> row.isPlaced)
        .map(row ->
            ("the keys from offset %d on cannot be of the database before, which has others of these"
                    + " names or has no more: the damage in front of them took the name of another"
                    + " database; they are in database %d of the result, which is a guess")
                .formatted(row.start, row.db))
        .toList();
  }
}
