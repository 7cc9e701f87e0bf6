package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.salvage.SalvageReport.Stretch;
import io.redrill.rdb.spill.KeyIdentity;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/// The keys that a survey takes for whole, and which of their records have to be left out because
/// the key stands in the same database more than once: servers refuse a file with such keys.
///
/// A flipped bit in one key may make another of it, and what looks like a key may stand inside of a
/// large value behind a hole. Nothing in the file proves which of two records is right, so the one
/// stays that is more likely to be what the server wrote there:
///
/// 1. one whose database was named, rather than one behind a hole that may have named another;
/// 2. one in a longer row of sound records, rather than one in a scrap between two holes;
/// 3. the first.
///
/// Up to a limit the keys are kept in memory, then in temporary files.
final class KeptKeys implements Closeable {

  /// In front of a key's identity stand where its record begins, where it ends, and these flags.
  private static final int HEAD_BYTES = 17;

  /// Records that are equal so far count as equal.
  private static final int MOST_COMPARED_BYTES = 4096;

  private static final int DB_ASSUMED = 1;
  private static final int NOT_LOOKED_INTO = 2;

  private final RecordSpill spill;
  private final KeyIdentity identity = new KeyIdentity(HEAD_BYTES);
  private long fittingUpTo = Long.MAX_VALUE;

  KeptKeys(SpillLimits limits) {
    this.spill = new RecordSpill(limits);
  }

  /// A record whose key stands elsewhere too.
  ///
  /// @param key as findings show it
  /// @param keptAt the offset of the record that stays
  record Repeated(
      long start,
      long end,
      int db,
      String key,
      boolean dbAssumed,
      boolean isLookedInto,
      long keptAt) {}

  void add(Seen seen, RdbRecord.Entry entry) throws IOException {
    long hash = identity.set(seen.db(), ByteSlice.of(entry.key()));
    byte[] bytes = identity.array();
    LittleEndian.putLong(bytes, 0, seen.start());
    LittleEndian.putLong(bytes, 8, seen.end());
    bytes[16] =
        (byte) ((seen.dbAssumed() ? DB_ASSUMED : 0) | (seen.isLookedInto() ? 0 : NOT_LOOKED_INTO));
    spill.add(hash, bytes, 0, identity.length());
  }

  /// The records to leave out, ascending; of more than `limit` the first `limit`. For use once.
  ///
  /// @param stretches the rows that the records stand in, ascending
  /// @param databases is told of those behind holes
  List<Repeated> repeated(
      List<Stretch> stretches, FileBytes file, LostDatabases databases, int limit)
      throws IOException {
    PriorityQueue<Repeated> first =
        new PriorityQueue<>(Comparator.comparingLong(Repeated::start).reversed());
    spill.each(
        new RecordSpill.Visitor() {
          @Override
          public void visit(RecordBatch batch) throws IOException {
            batch.eachRepeated(
                HEAD_BYTES,
                same -> {
                  tell(databases, file, batch, same);
                  int kept = mostLikely(batch, same, stretches);
                  for (int each : same) {
                    if (each != kept) {
                      keep(first, batch, each, kept, limit);
                    }
                  }
                });
          }

          private OptionalLong hashInParts = OptionalLong.empty();

          // What comes after the first part of the records of a hash does not fit.
          @Override
          public void visitSome(RecordBatch some) {
            OptionalLong hash = OptionalLong.of(some.hash(0));
            if (hash.equals(hashInParts)) {
              long start = LittleEndian.getLong(some.array(), some.from(0));
              fittingUpTo = Math.min(fittingUpTo, start);
            }
            hashInParts = hash;
          }
        });
    List<Repeated> ascending = new ArrayList<>(first);
    ascending.sort(Comparator.comparingLong(Repeated::start));
    return ascending;
  }

  private static void tell(LostDatabases databases, FileBytes file, RecordBatch batch, int[] same)
      throws IOException {
    long earliest = start(batch, same[0]);
    long bytes = end(batch, same[0]) - earliest;
    for (int each : same) {
      if (isDbAssumed(batch, each)) {
        long start = start(batch, each);
        boolean isEqual =
            end(batch, each) - start == bytes
                && file.isSame(earliest, start, (int) Math.min(bytes, MOST_COMPARED_BYTES));
        databases.addRepeated(start, earliest, isEqual);
      }
    }
  }

  /// The offset from which on a key stands more often than there is memory for; none of its records
  /// are among the repeated. [Long#MAX_VALUE] if there is none.
  long fittingUpTo() {
    return fittingUpTo;
  }

  private static void keep(
      PriorityQueue<Repeated> first, RecordBatch batch, int again, int kept, int limit) {
    if (first.size() < limit) {
      first.add(repeated(batch, again, kept));
    } else if (start(batch, again) < first.element().start()) {
      first.remove();
      first.add(repeated(batch, again, kept));
    }
  }

  private static Repeated repeated(RecordBatch batch, int again, int kept) {
    byte[] bytes = batch.array();
    int identityAt = batch.from(again) + HEAD_BYTES;
    return new Repeated(
        start(batch, again),
        LittleEndian.getLong(bytes, batch.from(again) + 8),
        KeyIdentity.db(bytes, identityAt),
        KeyIdentity.text(bytes, identityAt),
        isDbAssumed(batch, again),
        (bytes[batch.from(again) + 16] & NOT_LOOKED_INTO) == 0,
        start(batch, kept));
  }

  private static int mostLikely(RecordBatch batch, int[] same, List<Stretch> stretches) {
    int best = same[0];
    for (int each : same) {
      if (isMoreLikely(batch, each, best, stretches)) {
        best = each;
      }
    }
    return best;
  }

  private static boolean isMoreLikely(
      RecordBatch batch, int one, int other, List<Stretch> stretches) {
    if (isDbAssumed(batch, one) != isDbAssumed(batch, other)) {
      return isDbAssumed(batch, other);
    }
    long ofOne = rowBytes(stretches, start(batch, one));
    long ofOther = rowBytes(stretches, start(batch, other));
    if (ofOne != ofOther) {
      return ofOne > ofOther;
    }
    return (start(batch, one) < start(batch, other)) != isDbAssumed(batch, one);
  }

  /// How long the stretch that holds `offset` is.
  private static long rowBytes(List<Stretch> stretches, long offset) {
    int low = 0;
    int high = stretches.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (stretches.get(middle).offset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return stretches.get(low).end() - stretches.get(low).offset();
  }

  private static long start(RecordBatch batch, int index) {
    return LittleEndian.getLong(batch.array(), batch.from(index));
  }

  private static long end(RecordBatch batch, int index) {
    return LittleEndian.getLong(batch.array(), batch.from(index) + 8);
  }

  private static boolean isDbAssumed(RecordBatch batch, int index) {
    return (batch.array()[batch.from(index) + 16] & DB_ASSUMED) != 0;
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
