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
    Path trace = directory.resolve("trace");
    Path root = directory.resolve("store");
    // One thread per trace file keeps the calls of the putting thread in order and apart.
    List<String> strace =
        List.of(
            "strace", "-ff", "-y", "-qq", "-e", "trace=mkdir,fsync,link,unlink", "-o", "" + trace);
    try {
      Process process = PutLoop.process(strace, root, 0, 1, 10).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assumeTrue(process.waitFor() == 0, "strace does not run here: " + output);
    } catch (IOException e) {
      assumeTrue(false, "strace is missing: " + e.getMessage());
    }

    assertThat(callsAbout(root))
        .containsExactly(
            "mkdir ROOT",
            "fsync PARENT",
            "mkdir ROOT/~incoming",
            "fsync ROOT",
            "fsync ROOT/~incoming/TEMPORARY",
            "mkdir ROOT/objects",
            "fsync ROOT",
            "link ROOT/~incoming/TEMPORARY",
            "fsync ROOT/objects",
            "unlink ROOT/~incoming/TEMPORARY");
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
