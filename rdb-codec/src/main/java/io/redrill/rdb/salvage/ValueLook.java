package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.ValueWalker;
import io.redrill.rdb.check.ValueCheck;
import io.redrill.rdb.digest.KeyDigest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Walks values to their last element, and holds them to the rules that servers load by.
final class ValueLook {

  private final long mostBytes;
  private final ValueWalker walker = new ValueWalker();
  private final ValueCheck values = new ValueCheck(new KeyDigest());
  private final ByteSlice value = new ByteSlice();
  private byte[] kept = {};
  private int keptBytes;
  private boolean isKeeping;

  /// @param mostBytes how much memory a value may take
  ValueLook(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// Reads the value that `cursor` is at to its end; returns whether it could be kept.
  boolean keep(ByteInput in, RdbCursor cursor) throws IOException {
    keptBytes = 0;
    isKeeping = true;
    in.tap(this::keep);
    cursor.skipValue();
    in.tap((bytes, from, length) -> {});
    return isKeeping;
  }

  private void keep(byte[] bytes, int from, int length) {
    if (!isKeeping || keptBytes + (long) length > mostBytes) {
      isKeeping = false;
      return;
    }
    if (kept.length < keptBytes + length) {
      long doubled = Math.min(2L * (keptBytes + length), mostBytes);
      kept = Arrays.copyOf(kept, (int) Math.max(doubled, keptBytes + length));
    }
    System.arraycopy(bytes, from, kept, keptBytes, length);
    keptBytes += length;
  }

  /// What is wrong with the value that was kept last, of the key that `cursor` is at.
  Optional<String> problemOfKept(RdbCursor cursor) throws IOException {
    value.set(kept, 0, keptBytes);
    return problem(cursor, () -> walker.walk(cursor.type(), value, values));
  }

  /// What is wrong with the value that `cursor` is at, which it reads.
  Optional<String> problemOfNext(RdbCursor cursor) throws IOException {
    return problem(cursor, () -> cursor.walk(values));
  }

  private interface Walk {
    void run() throws IOException;
  }

  private Optional<String> problem(RdbCursor cursor, Walk walk) throws IOException {
    values.begin(cursor.key(), cursor.expireAtMillis(), cursor.type());
    try {
      walk.run();
      List<String> problems = values.end();
      // Servers refuse the whole file for it.
      return !problems.isEmpty()
          ? Optional.of("its value is damaged: " + problems.getFirst())
          : values.hasDuplicate()
              ? Optional.of("an element of a collection is there twice")
              : Optional.empty();
    } catch (CorruptInputException e) {
      return Optional.of("its value is damaged: " + e.problem());
    }
  }
}
