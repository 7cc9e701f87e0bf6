package io.redrill.rdb.salvage;

import io.redrill.rdb.salvage.KeptKeys.Repeated;
import io.redrill.rdb.salvage.SalvageReport.Stretch;
import java.util.ArrayList;
import java.util.List;

/// The ranges of a file that hold what is whole, ascending.
final class Stretches {

  private final List<Stretch> all = new ArrayList<>();

  /// Adds a record that stands behind all others.
  ///
  /// @param lastDb the database that is selected behind it
  void add(Seen seen, int lastDb) {
    if (!all.isEmpty() && all.getLast().end() == seen.start()) {
      Stretch last = all.removeLast();
      all.add(new Stretch(last.offset(), seen.end(), last.db(), lastDb, last.dbAssumed()));
    } else {
      all.add(new Stretch(seen.start(), seen.end(), seen.db(), lastDb, seen.dbAssumed()));
    }
  }

  /// Takes records out, which are in them and ascending.
  void leaveOut(List<Repeated> records) {
    List<Stretch> whole = List.copyOf(all);
    all.clear();
    int next = 0;
    for (Stretch stretch : whole) {
      Stretch rest = stretch;
      for (; next < records.size() && records.get(next).start() < stretch.end(); next++) {
        Repeated out = records.get(next);
        if (out.start() > rest.offset()) {
          all.add(new Stretch(rest.offset(), out.start(), rest.db(), out.db(), rest.dbAssumed()));
        }
        rest = new Stretch(out.end(), rest.end(), out.db(), rest.lastDb(), out.dbAssumed());
      }
      if (rest.offset() < rest.end()) {
        all.add(rest);
      }
    }
  }

  List<Stretch> ascending() {
    return List.copyOf(all);
  }
}
