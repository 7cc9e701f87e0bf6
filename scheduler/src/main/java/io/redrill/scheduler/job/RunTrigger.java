package io.redrill.scheduler.job;

import java.util.Locale;

/// Why a run began; stored in the history.
public enum RunTrigger {
  /// A tick of the schedule, or one run that makes up for missed ticks.
  SCHEDULE,
  /// Somebody asked for it.
  OPERATOR,
  /// The daemon had just started.
  START;

  /// The lower-case word used on pages and in JSON.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
