package io.redrill.cli.output;

import java.time.Duration;
import java.util.Locale;

/// Sizes, durations and counts, as people read them.
public final class Quantity {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Quantity() {}

  /// `1536` as `1.5 KiB`.
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /// `PT0.032S` as `32 ms`, `PT75.2S` as `1 min 15 s`.
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 0) {
      return "-" + duration(duration.negated());
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1000.0);
    }
    long seconds = millis / 1_000;
    if (seconds < 3_600) {
      return "%d min %d s".formatted(seconds / 60, seconds % 60);
    }
    if (seconds < 48 * 3_600) {
      return "%d h %d min".formatted(seconds / 3_600, seconds / 60 % 60);
    }
    return "%d d %d h".formatted(seconds / 86_400, seconds / 3_600 % 24);
  }

  /// `1234567` as `1,234,567`.
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `2, "segment", "segments"` as `2 segments`.
  public static String count(long count, String one, String several) {
    return count(count) + " " + (count == 1 ? one : several);
  }

  /// Bytes in a duration as `12 MiB/s`.
  public static String rate(long bytes, Duration duration) {
    double seconds = Math.max(1e-9, duration.toNanos() / 1e9);
    return bytes((long) (bytes / seconds)) + "/s";
  }
}
