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

  /// What Redis does unless told otherwise.
  public static final PackingLimits DEFAULT =
      new PackingLimits(128, 64, 128, 64, 512, 128, 64, 8192, 4096, 100);
}
