package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.aof.AofCorpus;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.server.testing.CorpusTruth;
import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every log that a real server wrote replays to what that server held, or is refused with the name
/// of the command that cannot be replayed.
class CorpusReplayIT {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");
  private static final Path NONE = Path.of("none");

  /// What logs of servers up to Redis 4 may hold, and this server has no interpreter for.
  private static final List<String> SCRIPTS = List.of("EVAL", "EVALSHA");

  /// What logs hold since Redis 7.4, Redis 8 and Valkey 9, and is not replayed yet: fields of
  /// hashes that expire, any write to such a hash, and vector sets.
  private static final List<String> NEWER = List.of("HPEXPIREAT", "HSETEX", "HDEL", "VADD");

  @TempDir private Path dir;

  static Stream<Path> sets() {
    return Files.isDirectory(CORPUS) ? AofCorpus.sets().stream() : Stream.of(NONE);
  }

  static Stream<Path> streams() {
    return Files.isDirectory(CORPUS) ? AofCorpus.streams().stream() : Stream.of(NONE);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void replaysTheFilesOf(Path set) throws IOException {
    assumeTrue(!set.equals(NONE), "the corpus is not beside the project");
    try (Stream<Path> files = Files.walk(set)) {
      for (Path file : files.toList()) {
        Path copy = dir.resolve(set.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    check(set);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void replaysTheStreamOf(Path stream) throws IOException {
    assumeTrue(!stream.equals(NONE), "the corpus is not beside the project");
    byte[] bytes = Files.readAllBytes(stream);
    int rdbAt = AofCorpus.beside(stream, ".json").path("rdb_at").asInt();
    byte[] rest = Arrays.copyOfRange(bytes, rdbAt, bytes.length);
    int rdbEnd = rdbEnd(rest, stream);
    boolean marked = new String(bytes, 0, rdbAt, StandardCharsets.ISO_8859_1).contains("$EOF:");
    Path folder = Files.createDirectory(dir.resolve("appendonlydir"));
    Files.write(folder.resolve("a.1.base.rdb"), Arrays.copyOf(rest, rdbEnd));
    Files.write(
        folder.resolve("a.1.incr.aof"),
        Arrays.copyOfRange(rest, rdbEnd + (marked ? 40 : 0), rest.length));
    Files.writeString(
        folder.resolve("appendonly.aof.manifest"),
        "file a.1.base.rdb seq 1 type b\nfile a.1.incr.aof seq 1 type i\n");
    check(stream);
  }

  private void check(Path log) throws IOException {
    String[] start = start();
    List<String> refused =
        log.toString().matches(".*(redis-7[.]4|redis-8|valkey-9).*") ? NEWER : scripts();
    try (TestServer server = TestServer.start(dir, start)) {
      assertThat(refused).isNotEqualTo(SCRIPTS);
      assertThat(server.run("SAVE")).isEqualTo("OK");
    } catch (LoadException refusal) {
      assertThat(refusal).hasMessageContaining("at offset ");
      assertThat(refused)
          .as(refusal.getMessage())
          .anyMatch(
              command -> String.valueOf(refusal.getMessage()).contains(": " + command + ": "));
      return;
    }
    CorpusTruth truth = CorpusTruth.of(AofCorpus.beside(log, ".json"));
    assertThat(truth.described(RdbContents.of(dir.resolve("dump.rdb"))))
        .containsExactlyInAnyOrderEntriesOf(truth.keys());
  }

  private List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (bytes.contains("\r\nEVAL\r\n") || bytes.contains("\r\nEVALSHA\r\n")) {
          return SCRIPTS;
        }
      }
    }
    return List.of();
  }

  /// The directives to load what stands in the directory, whatever its files are called.
  private String[] start() throws IOException {
    List<String> directives =
        new ArrayList<>(
            List.of("--appendonly", "yes", "--redrill-keep-expired", "yes", "--databases", "4096"));
    try (Stream<Path> files = Files.walk(dir)) {
      files
          .filter(file -> file.toString().endsWith(".manifest"))
          .forEach(manifest -> {
            String name = String.valueOf(manifest.getFileName()).replace(".manifest", "");
            directives.addAll(List.of("--appendfilename", name));
            directives.addAll(
                List.of("--appenddirname", String.valueOf(dir.relativize(manifest).getName(0))));
          });
    }
    return directives.toArray(new String[0]);
  }

  private static int rdbEnd(byte[] bytes, Path stream) throws IOException {
    try (ByteInput in = ByteInput.of(bytes, stream.toString())) {
      RdbReader reader = new RdbReader(in);
      while (!(reader.next() instanceof RdbRecord.End)) {
        // Only its end is of interest.
      }
      return (int) in.offset();
    }
  }
}
