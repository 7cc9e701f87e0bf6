package io.redrill.scheduler.history;

import java.util.Locale;

/// How a run ended; the names are stored.
public enum RunOutcome {
  /// All that was asked for was done and proven.
  SUCCEEDED,
  /// It failed, or its result is bad.
  FAILED,
  /// The daemon stopped or died while it ran.
  INTERRUPTED;

  /// The lower-case word used in metrics, pages and JSON.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
