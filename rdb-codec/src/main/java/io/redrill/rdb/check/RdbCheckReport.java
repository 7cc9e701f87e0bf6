package io.redrill.rdb.check;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.digest.DatasetDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a check of an RDB found.
///
/// @param header empty if even that could not be read
/// @param end empty if the end was not reached
/// @param aux the fields about the file, of which the last of each name counts
/// @param entries the number of entries by the type that they are stored as, also of those whose
///   value is damaged
/// @param digest the fingerprint of all that is sound
/// @param findings in file order; of very many only the first [RdbCheck#MAX_FINDINGS]
/// @param errors the number of findings that are errors, also of those left out
public record RdbCheckReport(
    Optional<RdbHeader> header,
    Optional<RdbRecord.End> end,
    Map<String, String> aux,
    Map<RdbType, Long> entries,
    DatasetDigest digest,
    List<Finding> findings,
    long errors) {

  /// Whether the file was read to its end and nothing is damaged.
  public boolean isSound() {
    return end.isPresent() && errors == 0;
  }

  /// The number of entries in the file.
  public long entryCount() {
    return entries.values().stream().mapToLong(Long::longValue).sum();
  }
}
