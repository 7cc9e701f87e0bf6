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
  private long roomBytes;

  /// @param roomBytes how much memory they may take
  Templates(long roomBytes) {
    this.roomBytes = roomBytes;
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
