package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.server.testing.ServerProcess;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the server makes of append-only files: whole, torn, damaged, and of older servers.
class AppendOnlyLoadIT {

  private static final String[] ON = {"--appendonly", "yes", "--appendfsync", "no"};

  @TempDir private Path dir;

  @Test
  void loadsATailTornAtEveryByteOfTheLastCommand() throws IOException {
    try (TestServer server = TestServer.start(dir, ON)) {
      server.run("SET", "kept", "1");
    }
    Path log = dir.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    byte[] whole = Files.readAllBytes(log);
    byte[] last = command("SET", "torn", "value");
    for (int cut = 1; cut < last.length; cut++) {
      byte[] torn = java.util.Arrays.copyOf(whole, whole.length + cut);
      System.arraycopy(last, 0, torn, whole.length, cut);
      Files.write(log, torn);
      try (TestServer server = TestServer.start(dir, ON)) {
        assertThat(server.run("DBSIZE")).as("cut after %d bytes", cut).isEqualTo("1");
        assertThat(server.run("GET", "kept")).isEqualTo("1");
      }
      assertThat(Files.readAllBytes(log)).as("cut after %d bytes", cut).isEqualTo(whole);
    }
  }

  @Test
  void cutsAnOpenTransactionOff() throws IOException {
    try (TestServer server = TestServer.start(dir, ON)) {
      server.run("SET", "kept", "1");
    }
    Path log = dir.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    byte[] whole = Files.readAllBytes(log);
    append(log, command("MULTI"));
    append(log, command("SET", "torn", "value"));
    try (TestServer server = TestServer.start(dir, ON)) {
      assertThat(server.run("DBSIZE")).isEqualTo("1");
    }
    assertThat(Files.readAllBytes(log)).isEqualTo(whole);
  }

  @Test
  void refusesATornTailWhenToldTo() throws IOException {
    try (TestServer server = TestServer.start(dir, ON)) {
      server.run("SET", "kept", "1");
    }
    Path log = dir.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    append(log, "*3\r\n$3\r\nSE".getBytes(StandardCharsets.US_ASCII));
    byte[] torn = Files.readAllBytes(log);
    assertThatThrownBy(
            () -> TestServer.start(dir, "--appendonly", "yes", "--aof-load-truncated", "no"))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("Unexpected end of file reading the append only file");
    assertThat(Files.readAllBytes(log)).isEqualTo(torn);
  }

  @Test
  void endsWithAClearMessageWhenDamagedAndTouchesNothing() throws Exception {
    try (TestServer server = TestServer.start(dir, ON)) {
      server.run("SET", "kept", "1");
    }
    Path log = dir.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    append(log, "garbage\r\n".getBytes(StandardCharsets.US_ASCII));
    append(log, command("SET", "later", "1"));
    byte[] damaged = Files.readAllBytes(log);

    assertThat(ServerProcess.runToEnd(dir, "--appendonly", "yes")).isEqualTo(1);

    assertThat(ServerProcess.log(dir))
        .contains(
            "Bad file format reading the append only file appendonly.aof.1.incr.aof",
            "offset "
                + (damaged.length - "garbage\r\n".length() - command("SET", "later", "1").length));
    assertThat(Files.readAllBytes(log)).isEqualTo(damaged);
  }

  @Test
  void takesOverTheFileOfAnOlderServer() throws IOException {
    Path old = dir.resolve("appendonly.aof");
    Files.write(old, command("SELECT", "2"));
    append(old, command("SET", "old", "value"));
    try (TestServer server = TestServer.start(dir, ON)) {
      server.run("SET", "new", "value");
    }
    assertThat(old).doesNotExist();
    assertThat(dir.resolve("appendonlydir/appendonly.aof.manifest"))
        .hasContent(
            """
            file appendonly.aof seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);
    try (TestServer server = TestServer.start(dir, ON)) {
      assertThat(server.run("DBSIZE")).isEqualTo("1");
      assertThat(server.run("INFO", "keyspace")).contains("db2:keys=1");
    }
  }

  /// The payload is what `FUNCTION DUMP` of Redis 7.0.15 answered.
  @Test
  void replaysWhatChangesNoDataAndWhatLoadsFunctions() throws IOException {
    byte[] functions =
        Base64.getDecoder()
            .decode(
                "9UBFIyFsdWEgbmFtZT1saWIKcmVkaXMucmVnaXN0ZXJfZnVuY3Rpb24o"
                    + "ImYiLCBmdW5jdGlvbigpIHJldHVybiAxIGVuZCkKCgBVGLpo681haA==");
    Path old = dir.resolve("appendonly.aof");
    Files.write(old, command("PUBLISH", "channel", "message"));
    append(old, command("SPUBLISH", "channel", "message"));
    append(old, command("SCRIPT", "LOAD", "return 1"));
    append(old, command("SCRIPT", "FLUSH"));
    append(
        old,
        "*3\r\n$8\r\nFUNCTION\r\n$7\r\nRESTORE\r\n$%d\r\n"
            .formatted(functions.length)
            .getBytes(StandardCharsets.US_ASCII));
    append(old, functions);
    append(old, "\r\n".getBytes(StandardCharsets.US_ASCII));
    append(old, command("SET", "key", "value"));
    try (TestServer server = TestServer.start(dir, ON)) {
      assertThat(server.run("GET", "key")).isEqualTo("value");
      assertThatThrownBy(() -> server.run("SCRIPT", "LOAD", "return 1"))
          .hasMessageContaining("does not run Lua");
      try (RespConnection connection = server.connect()) {
        RespReply.ArrayReply list = (RespReply.ArrayReply) connection.call("FUNCTION", "LIST");
        assertThat(((RespReply.ArrayReply) list.items().getFirst()).items().get(1).asText())
            .isEqualTo("lib");
      }
    }
  }

  @Test
  void refusesAScriptWithItsPlaceAndTheNextStep() throws IOException {
    Path old = dir.resolve("appendonly.aof");
    Files.write(old, command("SET", "key", "value"));
    append(old, command("EVAL", "return redis.call('SET', 'other', 1)", "0"));
    assertThatThrownBy(() -> TestServer.start(dir, ON))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining(
            "at offset %d: EVAL: ".formatted(command("SET", "key", "value").length))
        .hasMessageContaining("lua-replicate-commands yes");
  }

  @Test
  void damagedSnapshotEndsTheStart() throws Exception {
    try (TestServer server = TestServer.start(dir)) {
      server.run("SET", "key", "value");
      server.run("SAVE");
    }
    Path dump = dir.resolve("dump.rdb");
    byte[] damaged = Files.readAllBytes(dump);
    damaged[damaged.length - 12] ^= 1;
    Files.write(dump, damaged);

    assertThat(ServerProcess.runToEnd(dir)).isEqualTo(1);

    assertThat(ServerProcess.log(dir))
        .contains("Internal error in RDB reading offset", dump.toString());
    assertThat(Files.readAllBytes(dump)).isEqualTo(damaged);
  }

  private static void append(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND);
  }

  private static byte[] command(String... words) {
    StringBuilder text = new StringBuilder("*%d\r\n".formatted(words.length));
    for (String word : words) {
      text.append("$%d\r\n%s\r\n".formatted(word.length(), word));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
