package io.redrill.backup.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redrill.backup.repository.SourceName;
import java.time.Instant;
import java.util.Optional;

/// The first line of a segment.
///
/// @param first the offset at which it begins
/// @param firstAt its first time mark
/// @param lastAt its last time mark
/// @param after the timeline that this one continues at `first`, after a failover
/// @param origin where a followed AOF was read
public record SegmentHeader(
    SourceName source,
    String timeline,
    long first,
    Instant firstAt,
    Instant lastAt,
    Optional<String> after,
    Optional<FileOrigin> origin) {

  static final String PREFIX = "REDRILL:SEGMENT ";

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  String toLine() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("version", VERSION).put("source", source.value()).put("timeline", timeline);
    node.put("first", first);
    node.put("firstAt", firstAt.toEpochMilli()).put("lastAt", lastAt.toEpochMilli());
    after.ifPresent(before -> node.put("after", before));
    origin.ifPresent(from ->
        node.put("file", from.file()).put("fileFirst", from.first()).put("fileEnd", from.end()));
    try {
      return "#" + PREFIX + MAPPER.writeValueAsString(node) + "\r\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Parses the text of an annotation; empty if it is not the first line of a segment that this
  /// code can read.
  static Optional<SegmentHeader> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      JsonNode node = MAPPER.readTree(text.substring(PREFIX.length()));
      if (node.path("version").asInt(Integer.MAX_VALUE) > VERSION) {
        return Optional.empty();
      }
      return Optional.of(
          new SegmentHeader(
              SourceName.of(node.path("source").asText()),
              node.path("timeline").asText(),
              node.path("first").asLong(-1),
              Instant.ofEpochMilli(node.path("firstAt").asLong()),
              Instant.ofEpochMilli(node.path("lastAt").asLong()),
              text(node, "after"),
              text(node, "file")
                  .map(file ->
                      new FileOrigin(
                          file,
                          node.path("fileFirst").asLong(0),
                          node.path("fileEnd").asLong(0)))));
    } catch (JsonProcessingException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.path(field).isTextual()
        ? Optional.of(node.path(field).textValue())
        : Optional.empty();
  }
}
