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
/// @param duplicateKeys where given, keys that stand twice in a database are found too: how much
///   memory the keys may take for it, and where temporary files go beyond it, which are gone at the
///   end
public record RdbCheckOptions(
    Depth depth, RdbReading reading, int threads, Optional<SpillLimits> duplicateKeys) {

  /// Every element, by the calling thread alone, without a look for duplicate keys.
  public static final RdbCheckOptions DEFAULT =
      new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, 1, Optional.empty());
}
