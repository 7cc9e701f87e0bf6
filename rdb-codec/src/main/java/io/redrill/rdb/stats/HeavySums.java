package io.redrill.rdb.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sums up numbers under names, for the heaviest names of any number.
///
/// The idea is that of Misra and Gries: when the table is full, the lighter half goes to the sum of
/// the others. A name that comes back begins anew, so that its sums may be short by at most
/// [#shortBy] of weight; [#isExact] says that none was ever dropped.
///
/// Memory: at most `capacity` names of at most `mostBytes` bytes; longer ones that begin alike are
/// one. Not safe for use by several threads.
public final class HeavySums {

  private final int capacity;
  private final int mostBytes;
  private final int columns;
  private final int weightColumn;
  private final int mask;
  private final @Nullable Sums[] slots;
  private final long[] others;
  private int size;
  private long shortBy;

  /// One name, and its sums.
  private record Sums(long hash, byte[] name, long[] numbers) {}

  /// A name with its sums.
  public record Row(byte[] name, long[] sums) {
    /// The sum in `column`.
    public long sum(int column) {
      return sums[column];
    }
  }

  /// Sums in `columns` columns, of which `weightColumn` says which names are heavy.
  public HeavySums(int capacity, int mostBytes, int columns, int weightColumn) {
    if (capacity < 2) {
      throw new IllegalArgumentException("sums need room for two names at least");
    }
    this.capacity = capacity;
    this.mostBytes = mostBytes;
    this.columns = columns;
    this.weightColumn = weightColumn;
    this.mask = Integer.highestOneBit(capacity) * 4 - 1;
    this.slots = new @Nullable Sums[mask + 1];
    this.others = new long[columns];
  }

  /// The sums of the name in `array`, one for each column, to be added to: not smaller than before.
  public long[] sums(byte[] array, int from, int length) {
    long hash = FIRST_HASH;
    for (int at = from; at < from + Math.min(length, mostBytes); at++) {
      hash = hash(hash, array[at]);
    }
    return sums(array, from, length, hash);
  }

  /// What [#hash] begins with.
  static final long FIRST_HASH = 0xcbf29ce484222325L;

  /// The hash of a name that is one byte longer.
  static long hash(long sofar, byte next) {
    return (sofar ^ next) * 0x100000001b3L;
  }

  /// As above, for those who have hashed the name's first `mostBytes` bytes.
  long[] sums(byte[] array, int from, int length, long hashed) {
    if (size >= capacity) {
      prune();
    }
    long hash = hashed ^ hashed >>> 32;
    int end = from + Math.min(length, mostBytes);
    int slot = (int) hash & mask;
    for (Sums found = slots[slot]; found != null; found = slots[slot]) {
      if (found.hash() == hash
          && Arrays.equals(found.name(), 0, found.name().length, array, from, end)) {
        return found.numbers();
      }
      slot = (slot + 1) & mask;
    }
    Sums sums = new Sums(hash, Arrays.copyOfRange(array, from, end), new long[columns]);
    slots[slot] = sums;
    size++;
    return sums.numbers();
  }

  private void prune() {
    List<Sums> heavy = new ArrayList<>(size);
    for (@Nullable Sums sums : slots) {
      if (sums != null) {
        heavy.add(sums);
      }
    }
    heavy.sort(order(Sums::numbers, Sums::name));
    Arrays.fill(slots, null);
    size = capacity / 2;
    for (Sums dropped : heavy.subList(size, heavy.size())) {
      for (int i = 0; i < columns; i++) {
        others[i] += dropped.numbers()[i];
      }
    }
    shortBy += heavy.get(size).numbers()[weightColumn];
    for (Sums kept : heavy.subList(0, size)) {
      int slot = (int) kept.hash() & mask;
      while (slots[slot] != null) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = kept;
    }
  }

  /// Heaviest first; of equal weight by bytes.
  private <T> Comparator<T> order(Function<T, long[]> numbers, Function<T, byte[]> name) {
    return Comparator.<T>comparingLong(row -> -numbers.apply(row)[weightColumn])
        .thenComparing(name, Arrays::compareUnsigned);
  }

  /// The `count` heaviest names, heaviest first.
  public List<Row> top(int count) {
    List<Row> rows = new ArrayList<>();
    for (@Nullable Sums sums : slots) {
      if (sums != null) {
        rows.add(new Row(sums.name(), sums.numbers().clone()));
      }
    }
    rows.sort(order(Row::sums, Row::name));
    return List.copyOf(rows.subList(0, Math.min(count, rows.size())));
  }

  /// The sums of all names that are not among the `count` of [#top].
  public long[] others(int count) {
    long[] rest = others.clone();
    List<Row> rows = top(Integer.MAX_VALUE);
    for (Row row : rows.subList(Math.min(count, rows.size()), rows.size())) {
      for (int i = 0; i < columns; i++) {
        rest[i] += row.sums()[i];
      }
    }
    return rest;
  }

  /// How many names are told apart.
  public int size() {
    return size;
  }

  /// Whether no name was ever dropped, so that every sum is exact.
  public boolean isExact() {
    return shortBy == 0;
  }

  /// By how much the weight of a name may be short.
  public long shortBy() {
    return shortBy;
  }
}
