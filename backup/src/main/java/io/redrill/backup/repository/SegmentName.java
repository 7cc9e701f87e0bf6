package io.redrill.backup.repository;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A segment of the log, named by what it holds: bytes `[first, end)` of a timeline.
///
/// Sorts by timeline, then by offset.
public record SegmentName(String timeline, long first, long end)
    implements Comparable<SegmentName> {

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{40}|aof-[0-9a-f]{16})/(\\d{20})-(\\d{20})\\.aof\\.zst");

  private static final Comparator<SegmentName> ORDER =
      Comparator.comparing(SegmentName::timeline)
          .thenComparingLong(SegmentName::first)
          .thenComparingLong(SegmentName::end);

  /// Checks the order of the offsets.
  public SegmentName {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException("not a segment: [" + first + ", " + end + ")");
    }
  }

  /// The rest of the key after `<source>/log/`.
  public String path() {
    return "%s/%020d-%020d.aof.zst".formatted(timeline, first, end);
  }

  static Optional<SegmentName> parse(String path) {
    Matcher matcher = FORM.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long first = Long.parseLong(matcher.group(2));
      long end = Long.parseLong(matcher.group(3));
      return first < end
          ? Optional.of(new SegmentName(matcher.group(1), first, end))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Where this segment begins.
  public LogPosition start() {
    return new LogPosition(timeline, first);
  }

  /// Where this segment ends.
  public LogPosition finish() {
    return new LogPosition(timeline, end);
  }

  @Override
  public int compareTo(SegmentName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return path();
  }
}
