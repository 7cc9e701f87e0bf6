package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.spill.SpillLimits;
import java.util.Optional;
import java.util.OptionalInt;

/// What an operator knows of a damaged file, and how much memory one value may take.
///
/// @param header the dialect and version, where the file's own header is not to be believed
/// @param assumedDb the database of keys that follow a hole, up to the next record that names one;
///   empty: the database that was selected before the hole
/// @param maxValueBytes a value of more than this is not looked into: it is whole if its lengths
///   lead to where the next record begins. A look inside takes several times as much memory
/// @param withLibraries whether function libraries belong into the result: one with an altered byte
///   may no longer compile, and servers then refuse the whole file
/// @param keys how much memory the keys may take, none of which may come back twice
public record SalvageOptions(
    Optional<RdbHeader> header,
    OptionalInt assumedDb,
    long maxValueBytes,
    boolean withLibraries,
    SpillLimits keys) {

  private static final int HEAP_SHARE = 8;
  private static final long MOST_VALUE_BYTES = 1 << 30;

  /// Nothing is known but what the file says; a value is looked into if it takes an eighth of the
  /// heap or less, and an array can hold it.
  public static SalvageOptions defaults(SpillLimits keys) {
    return new SalvageOptions(
        Optional.empty(),
        OptionalInt.empty(),
        Math.min(MOST_VALUE_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE),
        true,
        keys);
  }
}
