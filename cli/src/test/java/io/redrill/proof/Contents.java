package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Everything that a server holds, read in three ways of which none trusts another.
///
/// @param digest of `DEBUG DIGEST`, over all keys
/// @param counts how many keys each database has, and how many of them expire
/// @param digests of `DEBUG DIGEST-VALUE`, and the expiry, by key
/// @param values what clients read, and the expiry, by key
/// @param streams all that is known of each stream, with what Redis 7.0 stores in an RDB and does
///   not log: how far groups have read, and consumers that own nothing
/// @param functions the function libraries
record Contents(
    String digest,
    List<String> counts,
    Map<String, String> digests,
    Map<String, String> values,
    Map<String, String> streams,
    List<String> functions) {

  /// How many differences are worth reading.
  private static final int SHOWN = 20;

  /// Reads all of it. Nothing may expire or be written meanwhile.
  static Contents of(RespConnection server) throws IOException {
    List<String> counts =
        server
            .call("INFO", "keyspace")
            .asText()
            .lines()
            .filter(line -> line.startsWith("db"))
            // The average time to live, at the end, gets less.
            .map(line -> line.substring(0, line.lastIndexOf(',')))
            .toList();
    return new Contents(
        server.call("DEBUG", "DIGEST").asText(),
        counts,
        ServerContents.digests(server, ServerContents.DATABASES),
        ServerContents.values(server, ServerContents.DATABASES),
        ServerContents.streams(server),
        ServerContents.functions(server));
  }

  /// How many keys there are.
  int keys() {
    return values.size();
  }

  /// Fails, naming the keys, if `server` does not hold exactly this.
  void assertHeldBy(RespConnection server, String description) throws IOException {
    Contents found = assertReplayedBy(server, description);
    assertThat(differences(streams, found.streams)).as("streams of " + description).isEmpty();
  }

  /// The same for a server that had a part of this from the log, with all that the log tells.
  ///
  /// @return what it holds
  Contents assertReplayedBy(RespConnection server, String description) throws IOException {
    Contents found = of(server);
    assertThat(differences(digests, found.digests)).as("digests of " + description).isEmpty();
    assertThat(differences(values, found.values)).as("values of " + description).isEmpty();
    assertThat(found.functions).as("functions of " + description).isEqualTo(functions);
    assertThat(found.counts).as("key counts of " + description).isEqualTo(counts);
    assertThat(found.digest).as("digest of " + description).isEqualTo(digest);
    return found;
  }

  /// The first keys that are not the same on both sides.
  private static List<String> differences(Map<String, String> expected, Map<String, String> found) {
    TreeSet<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String one = expected.getOrDefault(key, "no such key");
      String other = found.getOrDefault(key, "no such key");
      if (!one.equals(other) && differences.size() < SHOWN) {
        differences.add(
            key + ": expected " + excerpt(one, other) + ", found " + excerpt(other, one));
      }
    }
    return differences;
  }

  /// From a little before the first character that differs.
  private static String excerpt(String text, String from) {
    int at = 0;
    while (at < Math.min(text.length(), from.length()) && text.charAt(at) == from.charAt(at)) {
      at++;
    }
    int begin = Math.max(0, at - 80);
    return "..." + text.substring(begin, Math.min(text.length(), at + 120));
  }
}
