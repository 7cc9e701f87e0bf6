package io.redrill.backup.log;

import io.redrill.backup.Failures;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Where the stored log of a source ends, and what is needed to go on there.
///
/// @param db the database that is selected at the end
record LogTail(SegmentName segment, SegmentHeader header, int db) {

  /// Whether the stored log goes on behind `position`, and so was continued from there.
  boolean reaches(LogPosition position) {
    return segment.timeline().equals(position.timeline()) && segment.end() > position.offset();
  }

  /// The newest end among the timelines that `wanted` accepts. Reads the last segment whole, and so
  /// proves it.
  static Optional<LogTail> find(
      Repository repository, SourceName source, Predicate<String> wanted) {
    Map<String, SegmentName> last =
        repository.segments(source).stream()
            .filter(segment -> wanted.test(segment.timeline()))
            .collect(
                Collectors.toMap(
                    SegmentName::timeline, segment -> segment, LogTail::furtherReaching));
    return last.values().stream()
        .map(segment -> new Candidate(segment, SegmentReader.header(repository, source, segment)))
        .max(Comparator.comparing(candidate -> candidate.header().lastAt()))
        .map(newest -> read(repository, source, newest));
  }

  private static SegmentName furtherReaching(SegmentName one, SegmentName other) {
    return one.end() >= other.end() ? one : other;
  }

  private static LogTail read(Repository repository, SourceName source, Candidate newest) {
    try (SegmentReader reader = SegmentReader.open(repository, source, newest.segment())) {
      while (reader.next().isPresent()) {
        // Only the state at the end matters.
      }
      return new LogTail(newest.segment(), newest.header(), reader.db());
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private record Candidate(SegmentName segment, SegmentHeader header) {}
}
