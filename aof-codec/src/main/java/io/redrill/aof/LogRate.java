package io.redrill.aof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How many commands and bytes a log holds over time, in intervals of equal length that become
/// longer as the log does.
///
/// Times may come in any order. Memory: at most [#MOST] intervals.
final class LogRate {

  private static final int MOST = 60;

  private TreeMap<Long, long[]> sums = new TreeMap<>();
  private long width = 1;

  /// Adds a command of `bytes` that was written at `unixMillis`.
  void add(long unixMillis, long bytes) {
    add(Math.floorDiv(unixMillis, 1000), 1, bytes);
    while (sums.size() > MOST) {
      width *= 2;
      TreeMap<Long, long[]> narrow = sums;
      sums = new TreeMap<>();
      narrow.forEach((second, sum) -> add(second, sum[AofStats.COMMANDS], sum[AofStats.BYTES]));
    }
  }

  private void add(long second, long commands, long bytes) {
    long[] sum = sums.computeIfAbsent(second - Math.floorMod(second, width), from -> new long[2]);
    sum[AofStats.COMMANDS] += commands;
    sum[AofStats.BYTES] += bytes;
  }

  /// The intervals in which there are commands, in their order.
  List<AofStats.Interval> intervals() {
    List<AofStats.Interval> intervals = new ArrayList<>();
    for (Map.Entry<Long, long[]> entry : sums.entrySet()) {
      long[] sum = entry.getValue();
      intervals.add(
          new AofStats.Interval(
              Instant.ofEpochSecond(entry.getKey()),
              width,
              new AofStats.Sums(sum[AofStats.COMMANDS], sum[AofStats.BYTES])));
    }
    return intervals;
  }
}
