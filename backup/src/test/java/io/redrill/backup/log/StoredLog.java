package io.redrill.backup.log;

import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Writes segments into a repository as the archiver does, with commands of the test's choice.
public final class StoredLog {

  private final Repository repository;
  private final SourceName source;

  /// Writes for `source`.
  public StoredLog(Repository repository, SourceName source) {
    this.repository = repository;
    this.source = source;
  }

  /// A command in words, and when it was received.
  public record Write(Instant at, String words) {

    /// Its length in the log.
    public int length() {
      return bytes().length;
    }

    private byte[] bytes() {
      String[] words = words().split(" ", -1);
      StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        text.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
  }

  /// Stores a segment that begins at `first`.
  public SegmentName segment(String timeline, long first, Write... writes) throws IOException {
    return segment(timeline, first, Optional.empty(), List.of(writes));
  }

  /// Stores the first segment of a timeline that continues the timeline `after`.
  public SegmentName segment(
      String timeline, long first, Optional<String> after, List<Write> writes) throws IOException {
    SegmentBuilder builder = new SegmentBuilder(source, timeline, first, 0, after);
    for (Write write : writes) {
      builder.append(write.bytes(), write.length(), write.at().toEpochMilli(), true);
    }
    byte[] object = builder.compressed(3);
    repository
        .store()
        .put(
            RepositoryKeys.segment(source, builder.name()),
            new ByteArrayInputStream(object),
            object.length);
    return builder.name();
  }
}
