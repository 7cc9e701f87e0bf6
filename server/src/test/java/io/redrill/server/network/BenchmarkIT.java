package io.redrill.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.redrill.server.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `redis-benchmark` against a server that has just started: every test comes to its end.
final class BenchmarkIT {

  private static final Path BENCHMARK = Path.of("/usr/bin/redis-benchmark");
  private static final String TESTS = "set,get,incr,lpush,rpush,lpop,sadd,hset,zadd,mset";

  /// How many tests `redis-benchmark` 7.0 has in its default list.
  private static final int DEFAULT_TESTS = 20;

  @TempDir Path directory;

  /// Pipelines of large values make replies that the socket does not take at once.
  @ParameterizedTest
  @CsvSource({"1, 3, 5000", "16, 3, 50000", "16, 100000, 1000"})
  void everyTestEnds(int pipeline, int valueBytes, int requests) throws Exception {
    assumeThat(BENCHMARK).exists();
    String tests = valueBytes > 1000 ? "set,get" : TESTS;
    try (ServerProcess server = ServerProcess.start(directory.resolve("server"))) {
      List<String> command = new ArrayList<>(List.of(BENCHMARK.toString(), "--csv", "-t", tests));
      command.addAll(List.of("-p", Integer.toString(server.port()), "-c", "50"));
      command.addAll(List.of("-P", Integer.toString(pipeline), "-d", Integer.toString(valueBytes)));
      command.addAll(List.of("-n", Integer.toString(requests)));
      assertThat(run(command))
          .filteredOn(line -> !line.startsWith("\"test\""))
          .hasSize(tests.split(",", -1).length);
    }
  }

  /// All tests of its default list, in each way it can ask.
  @ParameterizedTest
  @ValueSource(strings = {"", "-P 16", "-P 16 --threads 2", "-P 16 -3"})
  void theDefaultListEnds(String options) throws Exception {
    assumeThat(BENCHMARK).exists();
    try (ServerProcess server = ServerProcess.start(directory.resolve("server"))) {
      List<String> command = new ArrayList<>(List.of(BENCHMARK.toString(), "--csv", "-n", "2000"));
      command.addAll(List.of("-p", Integer.toString(server.port())));
      command.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ", -1)));
      List<String> lines = run(command);
      assertThat(lines).noneMatch(line -> line.contains("rror") || line.contains("WARNING"));
      assertThat(lines).filteredOn(line -> !line.startsWith("\"test\"")).hasSize(DEFAULT_TESTS);
    }
  }

  private List<String> run(List<String> command) throws IOException, InterruptedException {
    Path output = directory.resolve("benchmark.csv");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertThat(ended).as("ended in time, after%n%s", Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readAllLines(output);
  }
}
