package io.redrill.rdb.filter;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Some of the 16384 slots of a cluster. Never changes.
public final class SlotSet {

  private final BitSet slots;

  private SlotSet(BitSet slots) {
    this.slots = slots;
  }

  /// The slots from `first` to `last`, both included.
  ///
  /// @throws IllegalArgumentException if these are no slots, or in the wrong order
  public static SlotSet range(int first, int last) {
    if (first < 0 || last >= KeySlot.COUNT || first > last) {
      throw new IllegalArgumentException(
          "%d-%d is no range of slots: they go up, from 0 to %d"
              .formatted(first, last, KeySlot.COUNT - 1));
    }
    BitSet slots = new BitSet(KeySlot.COUNT);
    slots.set(first, last + 1);
    return new SlotSet(slots);
  }

  /// Reads one slot or a range, several joined by plus signs: `0-5460`, `7`, `0-99+5000-5460`.
  ///
  /// @throws IllegalArgumentException if `text` is nothing of the kind
  public static SlotSet parse(String text) {
    BitSet slots = new BitSet(KeySlot.COUNT);
    for (String range : text.split("\\+", -1)) {
      String[] ends = range.strip().split("-", 2);
      try {
        int first = Integer.parseInt(ends[0].strip());
        int last = ends.length == 1 ? first : Integer.parseInt(ends[1].strip());
        slots.or(range(first, last).slots);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "'%s' is no range of slots: write 0-5460, or 0-99+200-299".formatted(range), e);
      }
    }
    return new SlotSet(slots);
  }

  /// All slots, dealt to `shards` sets of neighbours that differ by one slot at most.
  ///
  /// @throws IllegalArgumentException if there are fewer slots than shards, or no shard
  public static List<SlotSet> even(int shards) {
    if (shards < 1 || shards > KeySlot.COUNT) {
      throw new IllegalArgumentException(
          "%d is no number of shards: from 1 to %d there may be".formatted(shards, KeySlot.COUNT));
    }
    List<SlotSet> sets = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      int first = (int) ((long) KeySlot.COUNT * i / shards);
      int next = (int) ((long) KeySlot.COUNT * (i + 1) / shards);
      sets.add(range(first, next - 1));
    }
    return sets;
  }

  /// The slots of both.
  public SlotSet with(SlotSet other) {
    BitSet both = (BitSet) slots.clone();
    both.or(other.slots);
    return new SlotSet(both);
  }

  /// Whether a slot is in both.
  public boolean overlaps(SlotSet other) {
    return slots.intersects(other.slots);
  }

  /// Whether every slot is in it.
  public boolean isAll() {
    return slots.cardinality() == KeySlot.COUNT;
  }

  /// Whether `slot` is in it.
  public boolean contains(int slot) {
    return slots.get(slot);
  }

  /// The ranges as [#parse] reads them.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int first = slots.nextSetBit(0); first >= 0; ) {
      int end = slots.nextClearBit(first);
      text.append(text.isEmpty() ? "" : "+").append(first);
      text.append(end - 1 > first ? "-" + (end - 1) : "");
      first = slots.nextSetBit(end);
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlotSet that && slots.equals(that.slots);
  }

  @Override
  public int hashCode() {
    return slots.hashCode();
  }
}
