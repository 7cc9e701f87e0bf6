package io.redrill.server.info;

import java.util.Locale;

/// The text of `INFO`: sections of `field:value` lines, an empty line between them.
public final class InfoText {

  private final StringBuilder text = new StringBuilder();

  /// Begins a section, such as `Server`.
  public void section(String title) {
    if (!text.isEmpty()) {
      text.append("\r\n");
    }
    text.append("# ").append(title).append("\r\n");
  }

  /// Adds a field.
  public void field(String name, String value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  /// Adds a field.
  public void field(String name, long value) {
    field(name, Long.toString(value));
  }

  /// Adds a number of bytes, and the same for people under `name_human`.
  public void bytes(String name, long value) {
    field(name, value);
    field(name + "_human", human(value));
  }

  /// A number of bytes with a unit and two decimals.
  public static String human(long bytes) {
    if (bytes < 1024) {
      return bytes + "B";
    }
    double value = bytes;
    for (String unit : new String[] {"K", "M", "G", "T"}) {
      value /= 1024;
      if (value < 1024) {
        return String.format(Locale.ROOT, "%.2f%s", value, unit);
      }
    }
    return String.format(Locale.ROOT, "%.2fP", value / 1024);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
