package io.redrill.rdb.diff;

import io.redrill.rdb.FunctionSource;
import io.redrill.rdb.diff.Difference.Change;
import io.redrill.rdb.diff.RdbDiffReport.FunctionDifference;
import io.redrill.rdb.encoding.Xxh3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The libraries of functions of a file, by name: of each a hash of its source.
final class FunctionLibraries {

  /// A server has a handful; a file that tells of more than this is not believed to be sane.
  private static final int MAX_LIBRARIES = 100_000;

  private record Source(long high, long low) {}

  private final Map<String, Source> sources = new TreeMap<>();
  private final Xxh3 hasher = new Xxh3();

  void add(byte[] source) {
    hasher.hash(source, 0, source.length);
    Source hash = new Source(hasher.high(), hasher.low());
    if (sources.size() < MAX_LIBRARIES) {
      String nameless = "(without a name, hash %016x)".formatted(hash.high());
      sources.put(FunctionSource.libraryName(source).orElse(nameless), hash);
    }
  }

  /// What `after` has otherwise, by name.
  List<FunctionDifference> compare(FunctionLibraries after) {
    List<FunctionDifference> differences = new ArrayList<>();
    Map<String, Source> both = new TreeMap<>(sources);
    both.putAll(after.sources);
    for (String name : both.keySet()) {
      Source old = sources.get(name);
      Source now = after.sources.get(name);
      if (old == null) {
        differences.add(new FunctionDifference(name, Change.ADDED));
      } else if (now == null) {
        differences.add(new FunctionDifference(name, Change.REMOVED));
      } else if (!old.equals(now)) {
        differences.add(new FunctionDifference(name, Change.VALUE));
      }
    }
    return differences;
  }
}
