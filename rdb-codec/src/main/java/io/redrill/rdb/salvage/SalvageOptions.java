package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import java.util.Optional;
import java.util.OptionalInt;

/// What an operator knows of a damaged file, and how much memory one value may take.
///
/// @param header the dialect and version, where the file's own header is not to be believed
/// @param assumedDb the database of keys that follow a hole, up to the next record that names one;
///   empty: the database that was selected before the hole
/// @param maxRecordBytes a record that claims more than this is taken for damaged; a sound one of
///   that size is lost. Decoding takes several times as much memory
public record SalvageOptions(
    Optional<RdbHeader> header, OptionalInt assumedDb, long maxRecordBytes) {

  private static final int HEAP_SHARE = 8;

  /// Nothing is known but what the file says; a record may take an eighth of the heap.
  public static SalvageOptions defaults() {
    return new SalvageOptions(
        Optional.empty(), OptionalInt.empty(), Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }
}
