package io.redrill.rdb.diff;

import io.redrill.rdb.stats.PrefixTable;
import java.util.List;
import java.util.Map;

/// In what two files differ.
///
/// @param keysBefore,keysAfter the keys that were compared
/// @param equalKeys those that are the same in both
/// @param counts the number of all differences, by what changed
/// @param differences the first of them in the order of [Difference#ORDER]
/// @param prefixes by prefix of the key: a column for each [Difference.Change], and their sum
/// @param functions in what the libraries of functions differ, by name
public record RdbDiffReport(
    long keysBefore,
    long keysAfter,
    long equalKeys,
    Map<Difference.Change, Long> counts,
    List<Difference> differences,
    PrefixTable prefixes,
    List<FunctionDifference> functions) {

  /// In which a library of functions differs.
  public record FunctionDifference(String name, Difference.Change change) {}

  /// The number of keys that differ.
  public long changes() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Whether the files hold the same.
  public boolean isEqual() {
    return changes() == 0 && functions.isEmpty();
  }
}
