package io.redrill.rdb.diff;

import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.spill.SpillLimits;

/// What is compared, and what is kept of it.
///
/// @param filter these keys only
/// @param ignoreExpiry whether the expiries of keys count for nothing; those of hash fields count
/// @param limit how many differences are kept, in the order of [Difference#ORDER]
/// @param separator what ends a part of a key
/// @param prefixDepth how many parts make a prefix
/// @param limits how much memory the keys may take, and where they go beyond it
public record DiffOptions(
    RdbFilter filter,
    boolean ignoreExpiry,
    int limit,
    String separator,
    int prefixDepth,
    SpillLimits limits) {

  /// The greatest `limit`.
  public static final int MAX_LIMIT = 1_000_000;

  /// Refuses what is no option.
  public DiffOptions {
    if (limit < 0 || limit > MAX_LIMIT || separator.isEmpty() || prefixDepth < 1) {
      throw new IllegalArgumentException("no such comparison");
    }
  }
}
