package io.redrill.rdb.salvage;

import io.redrill.rdb.salvage.SalvageReport.Basis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says how many keys the lost bytes held.
///
/// The best that there is counts: the names of the lost keys; else the sizes that the file gives of
/// its databases; else what a key takes on average. A mean of few keys says little of many bytes,
/// and so it is carried over no more of them than [#carried] says; beyond that only those keys
/// count of which the beginning was seen.
final class LossEstimate {

  private static final int LEAST_KEY_BYTES = 3;
  private static final int FEW_KEYS = 20;

  private final List<Lost> lost;
  private final Map<Integer, Long> sizes;
  private final Map<Integer, Long> keysByDb;
  private final long keyBytes;
  private final boolean endFound;
  private final long fileBytes;

  /// @param sizes what the file says of the number of keys, by database
  /// @param keysByDb how many were found
  /// @param keyBytes how many bytes those take
  LossEstimate(
      List<Lost> lost,
      Map<Integer, Long> sizes,
      Map<Integer, Long> keysByDb,
      long keyBytes,
      boolean endFound,
      long fileBytes) {
    this.lost = lost;
    this.sizes = sizes;
    this.keysByDb = keysByDb;
    this.keyBytes = keyBytes;
    this.endFound = endFound;
    this.fileBytes = fileBytes;
  }

  /// What the numbers of [#losses] are taken from.
  Basis basis() {
    if (lost.isEmpty()) {
      return Basis.NOTHING_LOST;
    }
    if (lost.stream().allMatch(Lost::isNamed)) {
      return Basis.NAMED;
    }
    if (sizesAreUsable()) {
      return Basis.DATABASE_SIZES;
    }
    return unknownBytes() <= carried() ? Basis.MEAN_SIZE : Basis.UNKNOWN;
  }

  /// What was lost, each with its number of keys.
  List<Loss> losses() {
    return switch (basis()) {
      case NOTHING_LOST, NAMED, UNKNOWN ->
          lost.stream().map(each -> each.with(each.heads())).toList();
      case DATABASE_SIZES -> shared(missing() - named());
      case MEAN_SIZE -> lost.stream().map(each -> each.with(Math.round(weight(each)))).toList();
    };
  }

  /// Whether each database with keys has said how many it has, and other numbers were found.
  boolean contradictsSizes() {
    return sizesAreComplete() && missing() != 0;
  }

  /// How many keys more than were found the file says it holds.
  long missing() {
    return sum(sizes) - sum(keysByDb);
  }

  private boolean sizesAreComplete() {
    return !sizes.isEmpty() && sizes.keySet().containsAll(keysByDb.keySet());
  }

  private boolean sizesAreUsable() {
    return sizesAreComplete()
        && sizes.values().stream().allMatch(size -> size >= 0 && size <= fileBytes)
        && missing() >= named()
        && missing() - named() <= lostBytes() / LEAST_KEY_BYTES + tornOff();
  }

  /// A file that was cut may have lost any number of keys.
  private long tornOff() {
    return endFound ? 1 : Long.MAX_VALUE / 2;
  }

  private long named() {
    return lost.stream().filter(Lost::isNamed).count();
  }

  private long lostBytes() {
    return lost.stream()
        .filter(each -> !each.isNamed())
        .mapToLong(each -> each.end() - each.offset())
        .sum();
  }

  private long unknownBytes() {
    return lost.stream().mapToLong(Lost::unknownBytes).sum();
  }

  /// Over how many bytes the mean of the keys that were read may be carried.
  private double carried() {
    return (double) keyBytes * sum(keysByDb) / FEW_KEYS;
  }

  /// How many keys a loss held, by the mean size of a key.
  private double weight(Lost each) {
    long keys = sum(keysByDb);
    double mean = keys == 0 ? 0 : (double) keyBytes / keys;
    return each.heads() + (mean == 0 ? 0 : each.unknownBytes() / mean);
  }

  /// The losses, over which `keys` lost keys are shared in proportion to what the mean size says.
  private List<Loss> shared(long keys) {
    List<Loss> shared = new ArrayList<>();
    double weightLeft =
        lost.stream().filter(each -> !each.isNamed()).mapToDouble(this::weight).sum();
    long keysLeft = keys;
    long unnamed = lost.size() - named();
    for (Lost each : lost) {
      if (each.isNamed()) {
        shared.add(each.with(1));
        continue;
      }
      unnamed--;
      long share =
          unnamed == 0 || weightLeft <= 0
              ? keysLeft
              : Math.min(keysLeft, Math.round(keysLeft * weight(each) / weightLeft));
      weightLeft -= weight(each);
      keysLeft -= share;
      shared.add(each.with(share));
    }
    return shared;
  }

  private static long sum(Map<Integer, Long> numbers) {
    return numbers.values().stream().mapToLong(Long::longValue).sum();
  }
}
