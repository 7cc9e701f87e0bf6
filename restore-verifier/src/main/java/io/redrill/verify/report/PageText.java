package io.redrill.verify.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How text and amounts are spelled on the page.
///
/// Everything that reaches the page from outside (names, keys, messages) goes through [#escape].
public final class PageText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private PageText() {}

  /// `text` as it may stand in an element or a quoted attribute. Characters that are invisible or
  /// change the order of others (controls, direction marks, zero-width) are shown as `\u202e`, so
  /// that a hostile name cannot pretend to be another.
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(each -> escape(each, out));
    return out.toString();
  }

  private static void escape(int codePoint, StringBuilder out) {
    switch (codePoint) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\n' -> out.append('\n');
      default -> {
        int type = Character.getType(codePoint);
        if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
          out.append("\\u%04x".formatted(codePoint));
        } else {
          out.appendCodePoint(codePoint);
        }
      }
    }
  }

  /// A moment, to the second, in UTC.
  public static String time(Instant time) {
    return TIME.format(time);
  }

  /// A length of time in the one or two largest units that matter.
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return millis % 1_000 == 0
          ? millis / 1_000 + " s"
          : String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
    if (duration.toHours() < 1) {
      return units(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
    }
    if (duration.toDays() < 1) {
      return units(duration.toHours(), "h", duration.toMinutesPart(), "min");
    }
    return units(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String units(long large, String largeUnit, int small, String smallUnit) {
    String text = large + " " + largeUnit;
    return small == 0 ? text : text + " " + small + " " + smallUnit;
  }

  /// A count, with its thousands separated.
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// An amount of bytes in the decimal unit that fits.
  public static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 999.95 && unit < UNITS.length - 1) {
      amount /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
  }
}
