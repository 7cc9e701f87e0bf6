package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.spill.KeyIdentity;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/// Finds the keys that stand more than once in the same database of a file, which servers refuse to
/// load, with bounded memory: up to a limit keys are kept there, then in temporary files.
///
/// Keys may be added by several threads. The one that finds the memory full writes it to the files
/// while it holds the lock: the others have to wait for that anyway, as there is no room for their
/// keys before, and what is written goes into the system's memory first.
final class DuplicateKeys implements Closeable {

  /// The offset of the key's record stands in front of its identity.
  private static final int OFFSET_BYTES = 8;

  private final RecordSpill spill;
  private final KeyIdentity identity = new KeyIdentity(OFFSET_BYTES);

  DuplicateKeys(SpillLimits limits) {
    this.spill = new RecordSpill(limits);
  }

  /// Takes the key whose record begins at `offset`.
  synchronized void add(int db, ByteSlice key, long offset) throws IOException {
    long hash = identity.set(db, key);
    LittleEndian.putLong(identity.array(), 0, offset);
    spill.add(hash, identity.array(), 0, identity.length());
  }

  /// What was found, in file order: for each key that came before, where. Of very many the first
  /// `limit`.
  ///
  /// @param count takes the number of all, also beyond the limit
  List<Finding> findings(int limit, long[] count) throws IOException {
    PriorityQueue<Finding> first =
        new PriorityQueue<>(Comparator.comparingLong(Finding::offset).reversed());
    spill.each(batch ->
        batch.eachRepeated(OFFSET_BYTES, same -> keepAll(batch, same, first, limit, count)));
    List<Finding> found = new ArrayList<>(first);
    found.sort(Comparator.comparingLong(Finding::offset));
    return found;
  }

  /// Takes the records `same` of one key as findings, but for the one that stands first in the
  /// file: where several threads look into it, they come in any order.
  private static void keepAll(
      RecordBatch batch, int[] same, PriorityQueue<Finding> first, int limit, long[] count) {
    int earliest = same[0];
    for (int each : same) {
      earliest = offset(batch, each) < offset(batch, earliest) ? each : earliest;
    }
    for (int each : same) {
      if (each != earliest) {
        count[0]++;
        keep(batch, earliest, each, first, limit);
      }
    }
  }

  private static void keep(
      RecordBatch batch, int before, int again, PriorityQueue<Finding> first, int limit) {
    if (first.size() < limit) {
      first.add(finding(batch, before, again));
    } else if (!first.isEmpty() && offset(batch, again) < first.element().offset()) {
      first.remove();
      first.add(finding(batch, before, again));
    }
  }

  private static long offset(RecordBatch batch, int index) {
    return LittleEndian.getLong(batch.array(), batch.from(index));
  }

  private static Finding finding(RecordBatch batch, int first, int again) {
    int at = batch.from(again) + OFFSET_BYTES;
    return new Finding(
        Severity.ERROR,
        offset(batch, again),
        OptionalInt.of(KeyIdentity.db(batch.array(), at)),
        Optional.of(KeyText.of(KeyIdentity.key(batch.array(), at))),
        "the key stands in the file already, at offset %d of the same database: servers refuse that"
            .formatted(offset(batch, first)));
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
