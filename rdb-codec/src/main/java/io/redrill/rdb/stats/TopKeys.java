package io.redrill.rdb.stats;

import io.redrill.rdb.RdbCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The keys of greatest weight; of equal ones those that come first in the file.
final class TopKeys {

  private record Weighed(long weight, long number, BigKey key) {}

  private static final Comparator<Weighed> LIGHTEST_FIRST =
      Comparator.comparingLong(Weighed::weight)
          .thenComparing(Comparator.comparingLong(Weighed::number).reversed());

  private final int count;
  private final PriorityQueue<Weighed> keys;
  private long least = Long.MIN_VALUE;

  TopKeys(int count) {
    this.count = count;
    this.keys = new PriorityQueue<>(Math.max(1, count), LIGHTEST_FIRST);
  }

  /// Considers the key that `cursor` stands at and `measure` has measured, the `number`-th of all.
  void offer(long weight, long number, RdbCursor cursor, KeyMeasure measure) {
    if (count == 0 || (keys.size() == count && weight <= least)) {
      return;
    }
    if (keys.size() == count) {
      keys.poll();
    }
    keys.add(new Weighed(weight, number, key(cursor, measure)));
    least = keys.size() < count ? Long.MIN_VALUE : keys.element().weight();
  }

  private static BigKey key(RdbCursor cursor, KeyMeasure measure) {
    byte[] array = cursor.key().array();
    int from = cursor.key().offset();
    int length = cursor.key().length();
    return new BigKey(
        cursor.db(),
        Arrays.copyOfRange(array, from, from + Math.min(length, BigKey.MAX_KEY_BYTES)),
        length,
        cursor.type(),
        measure.kind(),
        measure.storedBytes(),
        measure.elements(),
        measure.memoryBytes(),
        cursor.expireAtMillis());
  }

  /// The keys, heaviest first.
  List<BigKey> heaviestFirst() {
    List<Weighed> sorted = new ArrayList<>(keys);
    sorted.sort(LIGHTEST_FIRST.reversed());
    return sorted.stream().map(Weighed::key).toList();
  }
}
