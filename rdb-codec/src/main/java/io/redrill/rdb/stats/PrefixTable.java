package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sums up numbers of keys by the keys' prefixes, for the heaviest prefixes of any number.
///
/// A prefix is what stands up to and with the n-th separator; keys with fewer of them belong to the
/// prefix of none. The idea is that of Misra and Gries: when the table is full, the lighter half
/// goes to the sum of the others. A prefix that comes back begins anew, so that its sums may be
/// short by at most [#shortBy] of weight; [#isExact] says that none was ever dropped.
///
/// Memory: at most `capacity` prefixes of at most 256 bytes. Not safe for use by several threads.
public final class PrefixTable {

  private static final int MAX_PREFIX_BYTES = 256;

  private final byte[] separator;
  private final int depth;
  private final int capacity;
  private final int columns;
  private final int weightColumn;
  private final int mask;
  private final @Nullable Sums[] slots;
  private final Sums none;
  private final long[] others;
  private int size;
  private long shortBy;
  private int length;
  private long hash;

  /// One prefix, and its sums.
  private record Sums(long hash, byte[] prefix, long[] numbers) {}

  /// A prefix with its sums.
  public record Row(byte[] prefix, long[] sums) {
    /// The sum in `column`.
    public long sum(int column) {
      return sums[column];
    }
  }

  /// Prefixes of `depth` (1 or more) separators, each with sums in `columns` columns, of which
  /// `weightColumn` says which prefixes are heavy.
  public PrefixTable(byte[] separator, int depth, int capacity, int columns, int weightColumn) {
    if (separator.length == 0 || depth < 1 || capacity < 2) {
      throw new IllegalArgumentException("a prefix needs a separator, a depth and room");
    }
    this.separator = separator.clone();
    this.depth = depth;
    this.capacity = capacity;
    this.columns = columns;
    this.weightColumn = weightColumn;
    this.mask = Integer.highestOneBit(capacity) * 4 - 1;
    this.slots = new @Nullable Sums[mask + 1];
    this.none = new Sums(0, new byte[0], new long[columns]);
    this.others = new long[columns];
  }

  /// The sums of `key`'s prefix, one for each column, to be added to: not smaller than before.
  public long[] sums(ByteSlice key) {
    find(key);
    if (length == 0) {
      return none.numbers();
    }
    if (size >= capacity) {
      prune();
    }
    int slot = (int) hash & mask;
    for (Sums found = slots[slot]; found != null; found = slots[slot]) {
      if (found.hash() == hash && isPrefix(found.prefix(), key)) {
        return found.numbers();
      }
      slot = (slot + 1) & mask;
    }
    byte[] prefix =
        Arrays.copyOfRange(
            key.array(), key.offset(), key.offset() + Math.min(length, MAX_PREFIX_BYTES));
    Sums sums = new Sums(hash, prefix, new long[columns]);
    slots[slot] = sums;
    size++;
    return sums.numbers();
  }

  private boolean isPrefix(byte[] prefix, ByteSlice key) {
    int from = key.offset();
    return Arrays.equals(
        prefix, 0, prefix.length, key.array(), from, from + Math.min(length, MAX_PREFIX_BYTES));
  }

  /// Finds the prefix of `key`, and hashes it on the way.
  private void find(ByteSlice key) {
    byte[] bytes = key.array();
    int end = key.offset() + Math.min(key.length(), MAX_PREFIX_BYTES);
    int last = separator.length - 1;
    long sofar = 0xcbf29ce484222325L;
    int found = 0;
    for (int at = key.offset(); at < end; at++) {
      sofar = (sofar ^ bytes[at]) * 0x100000001b3L;
      if (bytes[at] == separator[last]
          && at - last >= key.offset()
          && (last == 0 || Arrays.equals(bytes, at - last, at + 1, separator, 0, separator.length))
          && ++found == depth) {
        length = at + 1 - key.offset();
        hash = sofar ^ sofar >>> 32;
        return;
      }
    }
    length = 0;
  }

  private void prune() {
    List<Sums> heavy = new ArrayList<>(size);
    for (@Nullable Sums sums : slots) {
      if (sums != null) {
        heavy.add(sums);
      }
    }
    heavy.sort(order(Sums::numbers, Sums::prefix));
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
  private <T> Comparator<T> order(Function<T, long[]> numbers, Function<T, byte[]> prefix) {
    return Comparator.<T>comparingLong(row -> -numbers.apply(row)[weightColumn])
        .thenComparing(prefix, Arrays::compareUnsigned);
  }

  /// The `count` heaviest prefixes, heaviest first.
  public List<Row> top(int count) {
    List<Row> rows = new ArrayList<>();
    for (@Nullable Sums sums : slots) {
      if (sums != null) {
        rows.add(new Row(sums.prefix(), sums.numbers().clone()));
      }
    }
    rows.sort(order(Row::sums, Row::prefix));
    return List.copyOf(rows.subList(0, Math.min(count, rows.size())));
  }

  /// The sums of the keys without a prefix.
  public long[] withoutPrefix() {
    return none.numbers().clone();
  }

  /// The sums of all keys whose prefix is not among the `count` of [#top].
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

  /// How many prefixes are told apart.
  public int size() {
    return size;
  }

  /// Whether no prefix was ever dropped, so that every sum is exact.
  public boolean isExact() {
    return shortBy == 0;
  }

  /// By how much the weight of a prefix may be short.
  public long shortBy() {
    return shortBy;
  }
}
