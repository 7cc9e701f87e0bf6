package io.redrill.rdb.convert;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord.Checksum;
import java.util.List;
import java.util.Map;

/// What a file holds, and what each target does with it.
///
/// @param keys those that the filter keeps, as all that follows
/// @param expiredKeys those among them that a server drops while it loads, as their time is past
/// @param highestDb the highest database with a key; -1 if there is no key
/// @param modules the modules whose values or aux fields are there, with counts: any target needs
///   them
/// @param laterVectorSets how many vector sets the early releases of Redis 8.0, up to 8.0.2, refuse
/// @param targets in the order they were asked for
public record CompatReport(
    RdbHeader header,
    Checksum checksum,
    long keys,
    long expiredKeys,
    int highestDb,
    Map<String, Long> modules,
    long laterVectorSets,
    List<TargetCompat> targets) {

  /// Copies what is given.
  public CompatReport {
    modules = Map.copyOf(modules);
    targets = List.copyOf(targets);
  }
}
