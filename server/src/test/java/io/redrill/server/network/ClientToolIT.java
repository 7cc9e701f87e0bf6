package io.redrill.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.redrill.server.testing.RdbContents;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `redis-cli` and its modes against our server.
final class ClientToolIT {

  private static final Path CLI = Path.of("/usr/bin/redis-cli");

  @TempDir Path directory;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    assumeThat(CLI).exists();
    server = TestServer.start(directory.resolve("server"));
    server.run("SET", "string", "value");
    server.run("HSET", "hash", "field", "value", "other", "value");
    server.run("ZADD", "zset", "1", "member");
    server.run("XADD", "stream", "1-1", "field", "value");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void scansAndMeasuresKeys() throws Exception {
    assertThat(run("", "--scan").lines()).contains("string", "hash", "zset", "stream");
    assertThat(run("", "--bigkeys")).contains("Biggest   hash found '\"hash\"' has 2 fields");
    assertThat(run("", "--memkeys"))
        .containsPattern("Biggest string found '\"string\"' has [1-9][0-9]+ bytes")
        .containsPattern("1 streams with [1-9][0-9]+ bytes");
  }

  @Test
  void loadsByPipeAndSavesAsAReplica() throws Exception {
    assertThat(run("SET a 1\r\nSET b 2\r\nLPUSH string 1\r\n", "--pipe"))
        .contains("errors: 1, replies: 3");
    Path copy = directory.resolve("copy.rdb");
    assertThat(run("", "--rdb", copy.toString())).contains("Transfer finished with success");
    assertThat(RdbContents.of(copy).keys())
        .containsOnlyKeys("0/a", "0/b", "0/string", "0/hash", "0/zset", "0/stream");
  }

  @Test
  void copiesAValueByItsDump() throws Exception {
    Path script = directory.resolve("copy.sh");
    Files.writeString(
        script,
        "set -e; c='%s -p %d'; $c DUMP hash | head -c -1 | $c -x RESTORE copy 0; $c -3 HGETALL copy"
            .formatted(CLI, server.port()));
    assertThat(end(List.of("/bin/sh", script.toString()), "").lines())
        .containsExactlyInAnyOrder("OK", "field value", "other value");
  }

  @Test
  void answersWhatAnInteractiveStartAsks() throws Exception {
    assertThat(run("COMMAND DOCS\nGET string\nRESET\nSELECT 3\nGET string\n"))
        .contains("BITFIELD, as in Redis 7.0")
        .contains("value\nRESET\nOK\n\n");
  }

  private String run(String input, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(CLI.toString()));
    command.addAll(List.of("-p", Integer.toString(server.port())));
    command.addAll(List.of(options));
    return end(command, input);
  }

  private String end(List<String> command, String input) throws IOException, InterruptedException {
    Path in = Files.writeString(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertThat(ended).as(Files.readString(out)).isTrue();
    return Files.readString(out);
  }
}
