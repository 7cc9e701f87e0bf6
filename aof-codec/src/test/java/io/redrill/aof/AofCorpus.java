package io.redrill.aof;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files that real servers wrote, with what they held according to those servers.
///
/// A choice of them lies among the test resources; tests read the whole corpus instead where it
/// lies beside the project.
public final class AofCorpus {

  private static final Path WHOLE = Path.of("..", "..", "shared", "corpus");
  private static final Path CHOICE = Path.of("src", "test", "resources", "corpus");
  private static final ObjectMapper JSON = new ObjectMapper();

  private AofCorpus() {}

  /// The folders of the servers.
  private static List<Path> servers() {
    return list(Files.isDirectory(WHOLE) ? WHOLE : CHOICE, "-");
  }

  /// The healthy sets: the directories of servers that wrote an append-only file.
  public static List<Path> sets() {
    return of("aof").stream().filter(Files::isDirectory).toList();
  }

  /// The sets with time marks.
  public static List<Path> timestampedSets() {
    return sets().stream().filter(set -> name(set).startsWith("timestamps")).toList();
  }

  /// The damaged sets.
  public static List<Path> damagedSets() {
    return of("damaged").stream()
        .filter(Files::isDirectory)
        .filter(set -> name(set).startsWith("aof-") || name(set).startsWith("manifest-"))
        .toList();
  }

  /// The recorded replication streams, from the first version with `PSYNC` on.
  public static List<Path> streams() {
    return of("repl").stream()
        .filter(file -> name(file).endsWith(".bin"))
        .filter(file -> !file.toString().matches(".*redis-2\\.[46]\\..*"))
        .toList();
  }

  /// One set of the choice, which is always there.
  public static Path golden(String server, String set) {
    return CHOICE.resolve(server).resolve("aof").resolve(set);
  }

  /// One set of the whole corpus; skips the test where that is not at hand.
  public static Path whole(String server, String set) {
    Path path = WHOLE.resolve(server).resolve("aof").resolve(set);
    assumeTrue(Files.isDirectory(path), "the corpus is not beside the project");
    return path;
  }

  /// The JSON file beside `set` whose name is that of the set and `suffix`.
  public static JsonNode beside(Path set, String suffix) throws IOException {
    String base = name(set).replaceAll("\\.bin$", "");
    return JSON.readTree(set.resolveSibling(base + suffix).toFile());
  }

  private static List<Path> of(String kind) {
    return servers().stream()
        .map(server -> server.resolve(kind))
        .filter(Files::isDirectory)
        .flatMap(folder -> list(folder, "").stream())
        .toList();
  }

  private static List<Path> list(Path folder, String infix) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> name(entry).contains(infix) && !name(entry).equals("third-party"))
          .filter(entry -> !name(entry).endsWith("known-differences.json"))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
