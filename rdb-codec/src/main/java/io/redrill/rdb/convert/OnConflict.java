package io.redrill.rdb.convert;

/// What happens to what stands in several files.
public enum OnConflict {
  /// Nothing is written.
  ERROR,
  /// The first file that has it counts.
  FIRST,
  /// The last file that has it counts.
  LAST
}
