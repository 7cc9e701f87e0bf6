package io.redrill.aof;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Counts what has no command.
final class RestoreLosses {

  private final Map<RestoreLoss, Long> counts = new EnumMap<>(RestoreLoss.class);

  void add(RestoreLoss loss) {
    counts.merge(loss, 1L, Long::sum);
  }

  Map<RestoreLoss, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }
}
