package io.redrill.rdb.convert;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.spill.KeyIdentity;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Finds the keys that stand in several of the files that are merged, and marks those that do not
/// count there, as another file's does.
///
/// All keys are spilled to files. A record is the place of a key (its file's number, its own number
/// in there, its offset) and its identity:
///
/// | bytes | what |
/// |---|---|
/// | 4 | file |
/// | 8 | number |
/// | 8 | offset |
/// | ... | [KeyIdentity] |
final class SharedKeys implements Closeable {

  private static final int MEMORY_BYTES = 8 * 1024 * 1024;

  private static final int NUMBER_AT = 4;
  private static final int OFFSET_AT = 12;
  private static final int IDENTITY_AT = 20;

  private final RecordSpill spill;
  private final OnConflict onConflict;
  private final List<SpilledBits> losers;
  private final ConflictList conflicts;
  private final KeyIdentity identity = new KeyIdentity(IDENTITY_AT);
  private long loserCount;

  /// Spills to `directory`, and marks in `losers`, file by file, the numbers of the keys that do
  /// not count.
  SharedKeys(
      Path directory, OnConflict onConflict, List<SpilledBits> losers, ConflictList conflicts) {
    this.spill = new RecordSpill(new SpillLimits(directory, MEMORY_BYTES));
    this.onConflict = onConflict;
    this.losers = losers;
    this.conflicts = conflicts;
  }

  /// Takes the key that `cursor` is at, the one with `number` of the file `source`; files come in
  /// their order.
  void add(int source, long number, RdbCursor cursor) throws IOException {
    long hash = identity.set(cursor.db(), cursor.key());
    LittleEndian.putInt(identity.array(), 0, source);
    LittleEndian.putLong(identity.array(), NUMBER_AT, number);
    LittleEndian.putLong(identity.array(), OFFSET_AT, cursor.recordOffset());
    spill.add(hash, identity.array(), 0, identity.length());
  }

  /// Compares the keys that were taken. For use once.
  ///
  /// @throws CorruptInputException if one stands twice in a file
  void find() throws IOException {
    spill.each(this::find);
  }

  /// How many keys were taken.
  long count() {
    return spill.records();
  }

  /// How many of them do not count.
  long loserCount() {
    return loserCount;
  }

  /// Looks for keys that occur several times among `batch`, in which keys of the same hash are
  /// neighbours, in the order of the files.
  private void find(RecordBatch batch) throws IOException {
    for (int start = 0; start < batch.size(); ) {
      int end = batch.endOfHash(start);
      BitSet found = new BitSet();
      for (int i = start; i < end - 1; i++) {
        if (found.get(i - start)) {
          continue;
        }
        List<Occurrence> occurrences = new ArrayList<>(List.of(Occurrence.of(batch, i)));
        for (int j = i + 1; j < end; j++) {
          if (batch.isSameFrom(IDENTITY_AT, i, j)) {
            found.set(j - start);
            occurrences.add(Occurrence.of(batch, j));
          }
        }
        if (occurrences.size() > 1) {
          decide(batch.array(), batch.from(i) + IDENTITY_AT, occurrences);
        }
      }
      start = end;
    }
  }

  /// One place where a key stands.
  private record Occurrence(int source, long number, long offset) {

    static Occurrence of(RecordBatch batch, int index) {
      int at = batch.from(index);
      return new Occurrence(
          LittleEndian.getInt(batch.array(), at),
          LittleEndian.getLong(batch.array(), at + NUMBER_AT),
          LittleEndian.getLong(batch.array(), at + OFFSET_AT));
    }
  }

  private void decide(byte[] identities, int at, List<Occurrence> occurrences) throws IOException {
    String key = KeyIdentity.text(identities, at);
    for (int i = 1; i < occurrences.size(); i++) {
      Occurrence each = occurrences.get(i);
      if (each.source() == occurrences.get(i - 1).source()) {
        throw new CorruptInputException(
            "a key stands twice in the file",
            conflicts.file(each.source()).toString(),
            each.offset(),
            key);
      }
    }
    Occurrence winner =
        onConflict == OnConflict.LAST ? occurrences.getLast() : occurrences.getFirst();
    for (Occurrence each : occurrences) {
      if (!each.equals(winner)) {
        losers.get(each.source()).set(each.number());
        loserCount++;
      }
    }
    String name = "db " + KeyIdentity.db(identities, at) + " " + key;
    conflicts.add(name, occurrences.stream().map(Occurrence::source).toList());
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
