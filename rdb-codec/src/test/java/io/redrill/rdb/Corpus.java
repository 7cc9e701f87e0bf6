package io.redrill.rdb;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files that real servers wrote, with what they held according to those servers.
///
/// A choice of them lies among the test resources; the whole corpus lies beside the project where
/// it is at hand, and tests that need it are skipped where it is not.
public final class Corpus {

  private static final Path WHOLE = Path.of("..", "..", "shared", "corpus");
  private static final Path CHOICE = Path.of("src", "test", "resources", "corpus");

  private Corpus() {}

  /// Every healthy file of the whole corpus, or of the choice where there is no corpus.
  public static List<Path> healthyFiles() {
    Path root = Files.isDirectory(WHOLE) ? WHOLE : CHOICE;
    List<Path> files = find(root, "*-*/rdb/*.rdb");
    if (files.isEmpty()) {
      fail("no corpus files under " + root);
    }
    return files;
  }

  /// The damaged RDB files of the whole corpus, or none.
  public static List<Path> damagedFiles() {
    return Files.isDirectory(WHOLE) ? find(WHOLE, "*-*/damaged/rdb-*/*.rdb") : List.of();
  }

  /// Files of values that no server of the corpus writes.
  public static List<byte[]> rareFiles() {
    return RareValuesTest.files();
  }

  /// Where the truth about the healthy file `rdb` stands.
  public static Path truthOf(Path rdb) {
    return rdb.resolveSibling(rdb.getFileName().toString().replace(".rdb", ".json"));
  }

  /// A golden file, as bytes.
  public static byte[] golden(String server, String name) throws IOException {
    return Files.readAllBytes(CHOICE.resolve(server).resolve("rdb").resolve(name));
  }

  private static List<Path> find(Path root, String glob) {
    var matcher = root.getFileSystem().getPathMatcher("glob:" + root + "/" + glob);
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(matcher::matches)
          .filter(path -> !path.toString().contains("third-party"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
