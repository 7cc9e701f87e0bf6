package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import java.util.Arrays;
import java.util.List;

/// Sums up numbers of keys by the keys' prefixes, for the heaviest prefixes of any number
/// ([HeavySums]).
///
/// A prefix is what stands up to and with the n-th separator; keys with fewer of them belong to the
/// prefix of none.
///
/// Memory: at most `capacity` prefixes of at most 256 bytes. Not safe for use by several threads.
public final class PrefixTable {

  private static final int MAX_PREFIX_BYTES = 256;

  private final byte[] separator;
  private final int depth;
  private final HeavySums prefixes;
  private final long[] none;
  private int length;
  private long hash;

  /// Prefixes of `depth` (1 or more) separators, each with sums in `columns` columns, of which
  /// `weightColumn` says which prefixes are heavy.
  public PrefixTable(byte[] separator, int depth, int capacity, int columns, int weightColumn) {
    if (separator.length == 0 || depth < 1) {
      throw new IllegalArgumentException("a prefix needs a separator and a depth");
    }
    this.separator = separator.clone();
    this.depth = depth;
    this.prefixes = new HeavySums(capacity, MAX_PREFIX_BYTES, columns, weightColumn);
    this.none = new long[columns];
  }

  /// The sums of `key`'s prefix, one for each column, to be added to: not smaller than before.
  public long[] sums(ByteSlice key) {
    find(key);
    return length == 0 ? none : prefixes.sums(key.array(), key.offset(), length, hash);
  }

  /// Finds the prefix of `key`, and hashes it on the way.
  private void find(ByteSlice key) {
    byte[] bytes = key.array();
    int end = key.offset() + Math.min(key.length(), MAX_PREFIX_BYTES);
    int last = separator.length - 1;
    long sofar = HeavySums.FIRST_HASH;
    int found = 0;
    for (int at = key.offset(); at < end; at++) {
      sofar = HeavySums.hash(sofar, bytes[at]);
      if (bytes[at] == separator[last]
          && at - last >= key.offset()
          && (last == 0 || Arrays.equals(bytes, at - last, at + 1, separator, 0, separator.length))
          && ++found == depth) {
        length = at + 1 - key.offset();
        hash = sofar;
        return;
      }
    }
    length = 0;
  }

  /// The `count` heaviest prefixes, heaviest first.
  public List<HeavySums.Row> top(int count) {
    return prefixes.top(count);
  }

  /// The sums of the keys without a prefix.
  public long[] withoutPrefix() {
    return none.clone();
  }

  /// The sums of all keys whose prefix is not among the `count` of [#top].
  public long[] others(int count) {
    return prefixes.others(count);
  }

  /// How many prefixes are told apart.
  public int size() {
    return prefixes.size();
  }

  /// Whether no prefix was ever dropped, so that every sum is exact.
  public boolean isExact() {
    return prefixes.isExact();
  }

  /// By how much the weight of a prefix may be short.
  public long shortBy() {
    return prefixes.shortBy();
  }
}
