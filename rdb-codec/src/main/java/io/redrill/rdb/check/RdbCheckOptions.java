package io.redrill.rdb.check;

import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.spill.SpillLimits;
import java.util.Optional;

/// How an RDB is checked.
///
/// @param depth how deep the check looks
/// @param reading how to read what the RDB does not say about itself
/// @param threads how many look into values, the calling one included. More than a few do not help,
///   as one has to find where records end
/// @param spill where given, keys that stand twice in a database are found too, and members of a
///   collection and pending ids of a stream are compared whatever their number: how much memory the
///   keys may take for it, and the members and ids of the values that are looked into as much
///   again; and where temporary files go beyond it, which are gone at the end. Without, those for
///   which an eighth of the heap does not suffice are not compared, and the report says so
public record RdbCheckOptions(
    Depth depth, RdbReading reading, int threads, Optional<SpillLimits> spill) {

  /// Every element, by the calling thread alone, without temporary files.
  public static final RdbCheckOptions DEFAULT =
      new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, 1, Optional.empty());

  /// What the values that one of the threads looks into may take.
  Optional<SpillLimits> spillOfThread() {
    return spill.map(limits -> limits.part(threads));
  }
}
