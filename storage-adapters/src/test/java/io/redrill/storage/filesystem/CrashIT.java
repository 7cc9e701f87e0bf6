package io.redrill.storage.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.storage.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/// What a process leaves behind that ends in the middle of a put, and in which order it asks the
/// operating system to make things durable.
class CrashIT {

  private static final int ROUNDS = 10;
  private static final int PER_ROUND = 100_000;

  @TempDir private Path directory;

  @Test
  void listsOnlyWholeObjectsAfterEveryKill() throws Exception {
    long seed = 20261124;
    Random random = new Random(seed);
    FilesystemStore store = FilesystemStore.open(directory.resolve("store"));
    for (int round = 0; round < ROUNDS; round++) {
      long before = list(store).size();
      Process process =
          PutLoop.process(
                  List.of(),
                  directory.resolve("store"),
                  round * PER_ROUND,
                  PER_ROUND,
                  1 + random.nextInt(2_000_000))
              .start();
      // A few objects in, the process is somewhere in the middle of the next one.
      int more = 1 + random.nextInt(5);
      try {
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
            .until(() -> list(store).size() >= before + more);
      } finally {
        process.destroyForcibly().waitFor();
      }
      for (ObjectInfo info : list(store)) {
        assertThat(info.key().value())
            .as("seed %d, round %d", seed, round)
            .endsWith("-%08x".formatted(PutLoop.crc32c(read(store, info))));
      }
    }
  }

  private static List<ObjectInfo> list(FilesystemStore store) throws IOException {
    try (Stream<ObjectInfo> objects = store.list("")) {
      return objects.toList();
    }
  }

  private static byte[] read(FilesystemStore store, ObjectInfo info) throws IOException {
    try (InputStream in = store.open(info.key())) {
      return in.readAllBytes();
    }
  }

  @Test
  void makesBytesDurableBeforeTheNameAndTheNameBeforeItReturns() throws Exception {
    Path root = directory.resolve("store");
    putOneUnder(root, "-e", "trace=mkdir,fsync,link,unlink");

    assertThat(callsAbout(root))
        .containsExactly(
            "mkdir ROOT",
            "fsync PARENT",
            "mkdir ROOT/~incoming",
            "fsync ROOT/~incoming/TEMPORARY",
            "mkdir ROOT/objects",
            "link ROOT/~incoming/TEMPORARY",
            "fsync ROOT/objects",
            "fsync ROOT",
            "unlink ROOT/~incoming/TEMPORARY");
  }

  @Test
  void makesDirectoriesDurableThatACrashedProcessMade() throws Exception {
    Path root = directory.resolve("store");
    Files.createDirectories(root.resolve("objects"));
    putOneUnder(root, "-e", "trace=link,fsync");

    assertThat(callsAbout(root))
        .containsSubsequence("link ROOT/~incoming/TEMPORARY", "fsync ROOT/objects", "fsync ROOT");
  }

  /// The first `fsync` is of the root's parent, the second of the bytes, the others of the names.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void showsNothingThatCouldNotBeMadeDurable(int failing) throws Exception {
    Path root = directory.resolve("store");
    String output =
        putOneUnder(root, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=" + failing);

    assertThat(output).contains("StoreFailureException: the disk of the store fails");
    assertThat(list(FilesystemStore.open(root))).isEmpty();
    assertThat(root.resolve(Incoming.DIRECTORY))
        .satisfiesAnyOf(
            incoming -> assertThat(incoming).isEmptyDirectory(),
            incoming -> assertThat(incoming).doesNotExist());
  }

  /// Puts one object in a traced process and gives back what that printed.
  private String putOneUnder(Path root, String... options) throws Exception {
    // One thread per trace file keeps the calls of the putting thread in order and apart.
    List<String> strace =
        Stream.concat(
                Stream.of("strace", "-ff", "-y", "-qq", "-o", "" + directory.resolve("trace")),
                Stream.of(options))
            .toList();
    try {
      Process process = PutLoop.process(strace, root, 0, 1, 10).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assumeTrue(process.waitFor() == 0, "strace does not run here: " + output);
      return output;
    } catch (IOException e) {
      throw new TestAbortedException("strace is missing: " + e.getMessage(), e);
    }
  }

  /// The traced calls that succeeded, each with the first path that it names.
  private List<String> callsAbout(Path root) throws IOException {
    Pattern call = Pattern.compile("(\\w+)\\((?:\"|\\d+<)([^\">]*).* = 0");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> traces =
          files
              .filter(file -> file.getFileName().toString().startsWith("trace."))
              .sorted()
              .toList();
      return traces.stream()
          .flatMap(CrashIT::lines)
          .map(call::matcher)
          .filter(Matcher::find)
          .map(found -> found.group(1) + " " + found.group(2))
          .filter(text -> text.contains(directory.toString()))
          .map(text -> text.replaceAll("~incoming/[-0-9a-f]{36}", "~incoming/TEMPORARY"))
          .map(text -> text.replace(root.toString(), "ROOT"))
          .map(text -> text.replace(directory.toString(), "PARENT"))
          .toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
