package io.redrill.rdb.stats;

import io.redrill.rdb.filter.RdbFilter;

/// What is counted, and how.
///
/// @param filter these keys only
/// @param nowMillis Unix time from which expiries are seen
/// @param top how many of the biggest keys are kept, 0 to [#MAX_TOP]
/// @param separator what ends a part of a key, as UTF-8
/// @param prefixDepth how many parts make a prefix, 1 or more
/// @param jemalloc the allocator of the server whose memory is estimated
public record StatsOptions(
    RdbFilter filter,
    long nowMillis,
    int top,
    String separator,
    int prefixDepth,
    Jemalloc jemalloc) {

  /// The greatest `top`.
  public static final int MAX_TOP = 10_000;

  /// More prefixes than this are not told apart.
  public static final int MAX_PREFIXES = 8192;

  /// Refuses what is no option.
  public StatsOptions {
    if (top < 0 || top > MAX_TOP || separator.isEmpty() || prefixDepth < 1) {
      throw new IllegalArgumentException("no such statistics");
    }
  }
}
