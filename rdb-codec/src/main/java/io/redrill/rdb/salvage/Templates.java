package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/// The field templates of hashes that are believed, so that hashes behind a hole can refer to those
/// that stood in front of it.
final class Templates {

  /// What a name or a template takes beside its bytes, about.
  private static final int OVERHEAD_BYTES = 64;

  private final Map<Long, RdbRecord.HashTemplate> byId = new HashMap<>();
  private final Map<Long, RdbRecord.HashTemplate> view = Collections.unmodifiableMap(byId);
  private final FieldCounts lost = new FieldCounts();
  private long roomBytes;

  /// @param roomBytes how much memory they may take
  Templates(long roomBytes) {
    this.roomBytes = roomBytes;
  }

  /// How many fields those have that are lost, as far as that was found.
  static final class FieldCounts {

    private static final int MOST = 1 << 16;

    private final Map<Long, Integer> byId = new HashMap<>();

    /// The same numbers, for guesses.
    FieldCounts copy() {
      FieldCounts copy = new FieldCounts();
      copy.byId.putAll(byId);
      return copy;
    }

    /// How many fields template `id` has; 0 if nobody knows.
    int of(long id) {
      return byId.getOrDefault(id, 0);
    }

    void put(long id, int count) {
      if (byId.size() < MOST) {
        byId.put(id, count);
      }
    }

    void remove(long id) {
      byId.remove(id);
    }
  }

  FieldCounts lost() {
    return lost;
  }

  Map<Long, RdbRecord.HashTemplate> byId() {
    return view;
  }

  /// Whether `template` can be one of them: servers refuse an id twice, and memory has an end.
  boolean takes(RdbRecord.HashTemplate template) {
    return !byId.containsKey(template.id()) && memoryBytes(template) <= roomBytes;
  }

  void add(RdbRecord.HashTemplate template) {
    if (byId.putIfAbsent(template.id(), template) == null) {
      roomBytes -= memoryBytes(template);
    }
  }

  private static long memoryBytes(RdbRecord.HashTemplate template) {
    return template.fields().stream().mapToLong(name -> name.length + OVERHEAD_BYTES).sum()
        + OVERHEAD_BYTES;
  }
}
