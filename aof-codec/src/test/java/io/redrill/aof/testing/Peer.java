package io.redrill.aof.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A server of another release than the installed one, unpacked by the script `peers`.
///
/// @param product `redis` or `valkey`
/// @param version such as `8.0.6`
/// @param program starts it
public record Peer(String product, String version, Path program) {

  private static final Path DIRECTORY = Path.of("..", "target", "peers");

  /// All that are there; none before `./peers` has run.
  public static List<Peer> all() throws IOException {
    if (!Files.isDirectory(DIRECTORY)) {
      return List.of();
    }
    try (Stream<Path> directories = Files.list(DIRECTORY)) {
      return directories
          .filter(directory -> Files.isExecutable(directory.resolve("server")))
          .sorted()
          .map(Peer::in)
          .toList();
    }
  }

  private static Peer in(Path directory) {
    String[] name = directory.getFileName().toString().split("-", 2);
    return new Peer(name[0], name[1], directory.resolve("server"));
  }

  @Override
  public String toString() {
    return product + " " + version;
  }
}
