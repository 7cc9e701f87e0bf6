package io.redrill.rdb.check;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Tells whether a number came before: a set of numbers by open addressing, made for very many
/// small collections one after the other.
///
/// The numbers are spread over the slots by a factor that nobody knows before: the bytes of a file
/// could be chosen so that their hashes all wanted the same slot. What is found does not depend on
/// it.
///
/// Memory: 16 to 64 bytes for each number of the largest collection, up to a limit. Beyond it no
/// more numbers are kept, and what is found is not all ([#isFull]).
final class DuplicateFinder {

  private static final int LEAST_SLOTS = 64;
  private static final int GROWTH = 4;

  private final int mostSlots;
  private final long factor = new SplittableRandom().nextLong() | 1;
  private long[] slots = new long[LEAST_SLOTS];
  private int mask = LEAST_SLOTS - 1;
  private int size;
  private boolean hasZero;
  private boolean isFull;

  /// Keeps numbers in up to `roomBytes`, or in half a kilobyte.
  DuplicateFinder(long roomBytes) {
    long slotsInRoom = Math.clamp(roomBytes / Long.BYTES, LEAST_SLOTS, 1 << 30);
    this.mostSlots = (int) Long.highestOneBit(slotsInRoom);
  }

  /// Begins a collection.
  void clear() {
    if (size > 0) {
      Arrays.fill(slots, 0, mask + 1, 0);
      mask = LEAST_SLOTS - 1;
      size = 0;
    }
    hasZero = false;
    isFull = false;
  }

  /// Whether there were numbers that are not kept.
  boolean isFull() {
    return isFull;
  }

  /// How many numbers are kept.
  int size() {
    return size;
  }

  /// The slot that `number` wants: the highest bits of the product, on which all bits of both have
  /// an influence.
  private int slot(long number) {
    return (int) ((number * factor) >>> Long.numberOfLeadingZeros(mask));
  }

  /// Adds `number`, unless there is no room; says whether it is new.
  boolean add(long number) {
    if (number == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    int slot = slot(number);
    while (slots[slot] != 0) {
      if (slots[slot] == number) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    if (size > mask / 2) {
      isFull = true;
      return true;
    }
    slots[slot] = number;
    if (++size > mask / 2 && mask + 1 < mostSlots) {
      grow();
    }
    return true;
  }

  private void grow() {
    long[] old = Arrays.copyOf(slots, mask + 1);
    int next = (int) Math.min(GROWTH * (long) old.length, mostSlots);
    slots = slots.length >= next ? slots : new long[next];
    Arrays.fill(slots, 0, next, 0);
    mask = next - 1;
    for (long number : old) {
      if (number != 0) {
        int slot = slot(number);
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = number;
      }
    }
  }
}
