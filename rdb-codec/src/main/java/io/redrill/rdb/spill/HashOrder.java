package io.redrill.rdb.spill;

/// Sorts numbers by the hashes that belong to them: a radix sort, stable, without objects.
final class HashOrder {

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 6;

  /// For up to so many a table of all digits costs more than it saves.
  private static final int FEW = 32;

  private HashOrder() {}

  /// `values` in the unsigned order of `hashes`, both of which are used up.
  static int[] sorted(long[] hashes, int[] values) {
    if (hashes.length <= FEW) {
      sortFew(hashes, values);
      return values;
    }
    long[] fromHashes = hashes;
    int[] from = values;
    long[] toHashes = new long[hashes.length];
    int[] to = new int[values.length];
    int[] counts = new int[1 << DIGIT_BITS];
    for (int digit = 0; digit < DIGITS; digit++) {
      int shift = digit * DIGIT_BITS;
      count(fromHashes, shift, counts);
      for (int i = 0; i < from.length; i++) {
        int place = counts[digit(fromHashes[i], shift)]++;
        toHashes[place] = fromHashes[i];
        to[place] = from[i];
      }
      long[] spareHashes = fromHashes;
      fromHashes = toHashes;
      toHashes = spareHashes;
      int[] spare = from;
      from = to;
      to = spare;
    }
    return from;
  }

  private static void sortFew(long[] hashes, int[] values) {
    for (int i = 1; i < hashes.length; i++) {
      long hash = hashes[i];
      int value = values[i];
      int at = i;
      for (; at > 0 && Long.compareUnsigned(hashes[at - 1], hash) > 0; at--) {
        hashes[at] = hashes[at - 1];
        values[at] = values[at - 1];
      }
      hashes[at] = hash;
      values[at] = value;
    }
  }

  /// Makes `counts` the place of the first hash of each digit.
  private static void count(long[] hashes, int shift, int[] counts) {
    java.util.Arrays.fill(counts, 0);
    for (long hash : hashes) {
      counts[digit(hash, shift)]++;
    }
    int sum = 0;
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i];
      counts[i] = sum;
      sum += count;
    }
  }

  private static int digit(long hash, int shift) {
    return (int) (hash >>> shift) & ((1 << DIGIT_BITS) - 1);
  }
}
