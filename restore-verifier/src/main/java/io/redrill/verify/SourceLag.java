package io.redrill.verify;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.repository.LogPosition;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far a live source is ahead of the stored log.
final class SourceLag {

  private SourceLag() {}

  /// The bytes of the replication stream that the source has written after `stored`; empty if the
  /// source is on another timeline, or says no offset.
  ///
  /// @throws IOException if the source does not answer
  static Optional<Long> bytesAfter(LogPosition stored, ServerEndpoint source) throws IOException {
    try (RespConnection connection = RespConnection.connect(source)) {
      String info = connection.call("INFO", "replication").asText();
      Optional<String> offset = field(info, "master_repl_offset");
      boolean sameTimeline =
          field(info, "master_replid").filter(stored.timeline()::equals).isPresent();
      return sameTimeline
          ? offset.map(text -> Math.max(0, Long.parseLong(text) - stored.offset()))
          : Optional.empty();
    }
  }

  private static Optional<String> field(String info, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ":([0-9a-f]+)\\r?$").matcher(info);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
