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
import java.util.Arrays;
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
    Repetitions repetitions = new Repetitions(limit);
    spill.each(repetitions);
    count[0] = repetitions.count;
    List<Finding> found = new ArrayList<>(repetitions.first);
    found.sort(Comparator.comparingLong(Finding::offset));
    return found;
  }

  /// Takes all records of one key as findings, but for the one that stands first in the file: where
  /// several threads look into it, they come in any order.
  private static final class Repetitions implements RecordSpill.Visitor {

    private static final long NONE = Long.MAX_VALUE;

    private final int limit;
    private final PriorityQueue<Finding> first =
        new PriorityQueue<>(Comparator.comparingLong(Finding::offset).reversed());
    private long count;

    /// The key whose records come in parts, and where the first of those that came stands.
    private byte[] keyInParts = {};

    private long earliestInParts = NONE;

    Repetitions(int limit) {
      this.limit = limit;
    }

    @Override
    public void visit(RecordBatch batch) throws IOException {
      batch.eachRepeated(OFFSET_BYTES, same -> keepAll(batch, same, NONE));
    }

    /// Each of them is said to repeat the first of those that came so far.
    @Override
    public void visitSome(RecordBatch some) throws IOException {
      some.eachPayload(
          OFFSET_BYTES,
          same -> {
            byte[] key =
                Arrays.copyOfRange(
                    some.array(), some.from(same[0]) + OFFSET_BYTES, some.to(same[0]));
            long before = Arrays.equals(key, keyInParts) ? earliestInParts : NONE;
            keyInParts = key;
            earliestInParts = keepAll(some, same, before);
          });
    }

    /// Takes the records `same` of one key, of which there is another at `before`, unless that is
    /// [#NONE], and gives the offset of the first of all these.
    private long keepAll(RecordBatch batch, int[] same, long before) {
      long earliest = before;
      for (int each : same) {
        earliest = Math.min(earliest, offset(batch, each));
      }
      if (before != NONE && before != earliest) {
        keep(batch, same[0], earliest, before);
      }
      for (int each : same) {
        if (offset(batch, each) != earliest) {
          keep(batch, each, earliest, offset(batch, each));
        }
      }
      return earliest;
    }

    /// Takes it that the key of record `index` stands at `before`, and at `again` too.
    private void keep(RecordBatch batch, int index, long before, long again) {
      count++;
      if (first.size() < limit) {
        first.add(finding(batch, index, before, again));
      } else if (!first.isEmpty() && again < first.element().offset()) {
        first.remove();
        first.add(finding(batch, index, before, again));
      }
    }
  }

  private static long offset(RecordBatch batch, int index) {
    return LittleEndian.getLong(batch.array(), batch.from(index));
  }

  private static Finding finding(RecordBatch batch, int index, long before, long again) {
    int at = batch.from(index) + OFFSET_BYTES;
    return new Finding(
        Severity.ERROR,
        again,
        OptionalInt.of(KeyIdentity.db(batch.array(), at)),
        Optional.of(KeyText.of(KeyIdentity.key(batch.array(), at))),
        "the key stands in the file already, at offset %d of the same database: servers refuse that"
            .formatted(before));
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
