package io.redrill.rdb.convert;

import io.redrill.rdb.convert.RdbMerge.Conflict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What stands in several of the files that are merged: all are counted, the first are kept.
final class ConflictList {

  /// So many are kept.
  static final int MOST_KEPT = 20;

  private final List<Path> files;
  private final List<Conflict> first = new ArrayList<>();
  private long count;

  /// Of `files`, which are called by their place in this list.
  ConflictList(List<Path> files) {
    this.files = List.copyOf(files);
  }

  Path file(int source) {
    return files.get(source);
  }

  /// Adds what is called `name` and stands in the files `sources`.
  void add(String name, List<Integer> sources) {
    count++;
    if (first.size() < MOST_KEPT) {
      first.add(new Conflict(name, sources.stream().map(files::get).toList()));
    }
  }

  List<Conflict> first() {
    return List.copyOf(first);
  }

  long count() {
    return count;
  }
}
