package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real `redis-server`, to which `redis-cli --pipe` sends the commands of a file, holds what the
/// file does.
class RestoreCommandsIT {

  private static final RdbReading HOLDING_NOTHING = RdbReading.DEFAULT.holding(0);

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");

  /// What Redis 7.0 can hold: everything written by it and by older servers, without modules.
  private static final List<String> SERVERS =
      List.of(
          "redis-2.4.18",
          "redis-2.6.17",
          "redis-2.8.24",
          "redis-3.2.13",
          "redis-4.0.14",
          "redis-5.0.14",
          "redis-6.0.20",
          "redis-6.2.16",
          "redis-7.0.15");

  @TempDir static Path directory;

  private static RealRedis redis;

  static boolean hasCorpus() {
    return Files.isDirectory(CORPUS);
  }

  /// The files of the corpus that Redis 7.0 can hold.
  static Stream<Path> files() throws IOException {
    if (!Files.isDirectory(CORPUS)) {
      return Stream.of(Path.of("no corpus"));
    }
    try (Stream<Path> all = Files.walk(CORPUS, 3)) {
      return all
          .filter(path -> path.toString().matches(".*/rdb/[^/]*\\.rdb"))
          .filter(path -> SERVERS.contains(CORPUS.relativize(path).getName(0).toString()))
          .filter(path -> !path.toString().contains("module-"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    RealRedis.assumeInstalled();
    Assumptions.assumeTrue(Files.isDirectory(CORPUS), "the corpus is not at hand");
    redis = RealRedis.start(directory, "--databases", "512");
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void restoreCommandsGiveTheSameData(Path file) throws Exception {
    pipe(file, new RestoreOptions(false, false, true));
    // Once more: what is there already is replaced.
    pipe(file, new RestoreOptions(true, false, true));
    assertHolds(file);
  }

  @ParameterizedTest
  @MethodSource("files")
  void ordinaryCommandsGiveTheSameData(Path file) throws Exception {
    pipe(file, new RestoreOptions(false, true, true));
    pipe(file, new RestoreOptions(true, true, true));
    assertHolds(file);
  }

  /// Nothing was asked to be expanded, and what is not held is nevertheless.
  @ParameterizedTest
  @MethodSource("files")
  void valuesThatAreNotHeldGiveTheSameData(Path file) throws Exception {
    pipe(file, new RestoreOptions(false, false, true), HOLDING_NOTHING);
    assertHolds(file);
  }

  private void assertHolds(Path file) throws IOException {
    JsonNode truth =
        new ObjectMapper().readTree(new File(file.toString().replaceAll("rdb$", "json")));
    try (RespConnection connection = redis.connect()) {
      new LiveData(connection).assertIs(truth);
      assertThat(connection.call("FUNCTION", "LIST").asList())
          .hasSize(truth.path("functions").size());
      connection.call("FLUSHALL");
      connection.call("FUNCTION", "FLUSH");
    }
  }

  /// Sends the commands of `file`, of which the server must refuse none.
  private static void pipe(Path file, RestoreOptions options) throws Exception {
    pipe(file, options, RestoreCommands.reading());
  }

  private static void pipe(Path file, RestoreOptions options, RdbReading reading) throws Exception {
    Path log = directory.resolve("pipe.log");
    Process cli =
        new ProcessBuilder("redis-cli", "-p", String.valueOf(redis.port()), "--pipe")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (OutputStream out = cli.getOutputStream()) {
      write(file, options, reading, out);
    }
    assertThat(cli.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(printed).contains("errors: 0,");
  }

  private static void write(Path file, RestoreOptions options, RdbReading reading, OutputStream out)
      throws IOException {
    RestoreCommands commands = new RestoreCommands(out, options);
    int bufferBytes = reading.equals(HOLDING_NOTHING) ? 64 : ByteInput.DEFAULT_BUFFER_BYTES;
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString(), bufferBytes)) {
      RdbCursor cursor = new RdbCursor(in, reading);
      RdbCursor.Step step;
      while ((step = cursor.next()) != RdbCursor.Step.END) {
        if (step == RdbCursor.Step.KEY) {
          commands.key(cursor);
        } else if (cursor.record() instanceof RdbRecord.FunctionLibrary(byte[] source)) {
          commands.function(source);
        }
      }
    }
    commands.flush();
  }
}
