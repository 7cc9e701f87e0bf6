package io.redrill.rdb;

/// Up to where a collection is stored packed, under the names of Redis' own directives.
///
/// @param listNodeBytes the size of one packed stretch of a list: 8192 stands for
///   `list-max-listpack-size -2`
public record PackingLimits(
    int hashEntries,
    int hashValueBytes,
    int sortedSetEntries,
    int sortedSetValueBytes,
    int intsetEntries,
    int setEntries,
    int setValueBytes,
    int listNodeBytes,
    int streamNodeBytes,
    int streamNodeEntries) {

  /// As the servers' own defaults: hashes to 512 fields of 64 bytes, sorted sets and sets to 128
  /// members of 64, intsets to 512, `list-max-listpack-size -2`, stream nodes of 4096 bytes or 100
  /// entries.
  public static final PackingLimits DEFAULT =
      new PackingLimits(512, 64, 128, 64, 512, 128, 64, 8192, 4096, 100);
}
