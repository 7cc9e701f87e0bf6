package io.redrill.rdb.stats;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// What an RDB consists of, as far as the filter keeps it.
///
/// @param header empty if even that could not be read
/// @param end empty if the end was not reached
/// @param bytesRead how far the file was read
/// @param aux the fields about the file that servers write; not all there may be
/// @param functions libraries of functions
/// @param filteredOut keys that the filter does not keep; nothing else counts them
/// @param total over all keys
/// @param databases by number; -1 stands for all beyond the first [RdbStats#MAX_DATABASES]
/// @param kinds by what values are to a client
/// @param types by how values are stored
/// @param expiries by when keys expire
/// @param tableBytes what a server takes for the hash tables that the keys and their expiries stand
///   in, beside the keys themselves
/// @param biggestStored,biggestElements,biggestMemory the biggest keys by each measure, biggest
///   first
/// @param prefixes columns are those of [Tally], in order
/// @param damage what ended the reading before the end of the file: then all numbers are of what
///   stands before
/// @param damagedValues keys whose value proved damaged and was left out
public record RdbStatsReport(
    Optional<RdbHeader> header,
    Optional<RdbRecord.End> end,
    long bytesRead,
    Map<String, String> aux,
    long functions,
    long filteredOut,
    Tally total,
    SortedMap<Integer, Tally> databases,
    Map<RdbKind, Tally> kinds,
    Map<RdbType, Tally> types,
    Map<ExpiryBand, Tally> expiries,
    long tableBytes,
    List<BigKey> biggestStored,
    List<BigKey> biggestElements,
    List<BigKey> biggestMemory,
    PrefixTable prefixes,
    Optional<FormatException> damage,
    long damagedValues) {

  /// The keys that expire some day.
  public long expiring() {
    Tally never = expiries.getOrDefault(ExpiryBand.NEVER, Tally.NOTHING);
    return total.keys() - never.keys();
  }

  /// Whether every number is of the whole file.
  public boolean isWhole() {
    return end.isPresent() && damage.isEmpty() && damagedValues == 0;
  }
}
