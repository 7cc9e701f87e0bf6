package io.redrill.rdb.convert;

import io.redrill.rdb.convert.RdbMerge.Conflict;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// What stands in several of the files that are merged: all are counted, and the first by their
/// names are kept.
final class ConflictList {

  /// So many are kept.
  static final int MOST_KEPT = 20;

  private final List<Path> files;
  private final PriorityQueue<Conflict> first =
      new PriorityQueue<>(Comparator.comparing(Conflict::name).reversed());
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
    if (first.size() == MOST_KEPT && name.compareTo(first.element().name()) >= 0) {
      return;
    }
    first.add(new Conflict(name, sources.stream().map(files::get).toList()));
    if (first.size() > MOST_KEPT) {
      first.remove();
    }
  }

  List<Conflict> first() {
    return first.stream().sorted(Comparator.comparing(Conflict::name)).toList();
  }

  long count() {
    return count;
  }
}
