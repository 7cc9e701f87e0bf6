package io.redrill.console.page;

import static io.redrill.console.page.Html.tag;
import static io.redrill.console.page.Html.text;

import io.redrill.console.SourceStatus.RecoveryInterval;
import io.redrill.console.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The recovery window as a bar: filled where every moment can be restored, open where none can;
/// and the same in words.
final class WindowBar {

  private static final int WIDTH = 1000;

  /// So that a single snapshot, which has no length, can still be seen.
  private static final double LEAST = 6;

  private static final int MAX_LINES = 6;

  private final List<RecoveryInterval> window;
  private final Instant now;

  WindowBar(List<RecoveryInterval> window, Instant now) {
    this.window = window;
    this.now = now;
  }

  Html html() {
    if (window.isEmpty()) {
      return tag("p", "Nothing can be restored yet.").with("class", "bad");
    }
    return tag("div", bar(), tag("ul", lines()).with("class", "window"));
  }

  private Html bar() {
    Instant first = window.getFirst().from();
    double millis = Math.max(1, Duration.between(first, now).toMillis());
    List<Html> stretches = new ArrayList<>();
    for (RecoveryInterval interval : window) {
      double from = Duration.between(first, interval.from()).toMillis() / millis * WIDTH;
      double to = Duration.between(first, interval.to()).toMillis() / millis * WIDTH;
      double width = Math.max(LEAST, to - from);
      stretches.add(
          tag("rect")
              .with("x", decimal(Math.min(from, WIDTH - width)))
              .with("y", "0")
              .with("width", decimal(width))
              .with("height", "10"));
    }
    return tag("svg", stretches)
        .with("class", "bar")
        .with("viewBox", "0 0 " + WIDTH + " 10")
        .with("preserveAspectRatio", "none")
        .with("role", "img")
        .with("aria-label", "what can be restored, from " + Words.time(first) + " until now");
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /// The newest stretches first: they are what somebody in trouble looks for.
  private List<Html> lines() {
    List<Html> lines = new ArrayList<>();
    for (int i = window.size() - 1; i >= 0 && lines.size() < MAX_LINES; i--) {
      lines.add(line(window.get(i)));
      if (i > 0) {
        lines.add(gap(window.get(i - 1).to(), window.get(i).from()));
      }
    }
    if (window.size() * 2 - 1 > lines.size()) {
      lines.add(tag("li", "and earlier ones, from " + Words.time(window.getFirst().from())));
    }
    return lines;
  }

  private static Html line(RecoveryInterval interval) {
    if (interval.from().equals(interval.to())) {
      return tag("li", tag("b", "only "), text(Words.time(interval.from())), text(" (snapshot)"));
    }
    return tag(
        "li",
        tag("b", "any moment "),
        text("from " + Words.time(interval.from()) + " to " + Words.time(interval.to())));
  }

  private static Html gap(Instant from, Instant to) {
    return tag(
            "li",
            tag("b", "gap "),
            text("of " + Words.duration(Duration.between(from, to)) + ", nothing in between"))
        .with("class", "gap");
  }
}
