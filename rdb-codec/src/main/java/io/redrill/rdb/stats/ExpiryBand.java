package io.redrill.rdb.stats;

import io.redrill.rdb.RdbRecord;
import java.time.Duration;

/// When keys expire, counted from a moment.
public enum ExpiryBand {
  /// Never.
  NEVER(Duration.ZERO),
  /// At the moment or before: a server that loads the file drops the key.
  PAST(Duration.ZERO),
  /// Within an hour.
  HOUR(Duration.ofHours(1)),
  /// Within a day.
  DAY(Duration.ofDays(1)),
  /// Within seven days.
  WEEK(Duration.ofDays(7)),
  /// Within thirty days.
  MONTH(Duration.ofDays(30)),
  /// After that.
  LATER(Duration.ofMillis(Long.MAX_VALUE));

  private final long withinMillis;

  ExpiryBand(Duration within) {
    this.withinMillis = within.toMillis();
  }

  /// The band of a key that expires at `expireAtMillis`, or never ([RdbRecord.Entry#NO_EXPIRY]),
  /// seen from `nowMillis`.
  static ExpiryBand of(long expireAtMillis, long nowMillis) {
    if (expireAtMillis == RdbRecord.Entry.NO_EXPIRY) {
      return NEVER;
    }
    if (expireAtMillis <= nowMillis) {
      return PAST;
    }
    long left = expireAtMillis - nowMillis;
    if (left < 0) {
      return LATER; // further away than a long can tell
    }
    for (ExpiryBand band : BANDS) {
      if (left <= band.withinMillis && band != NEVER && band != PAST) {
        return band;
      }
    }
    return LATER;
  }

  private static final ExpiryBand[] BANDS = values();
}
