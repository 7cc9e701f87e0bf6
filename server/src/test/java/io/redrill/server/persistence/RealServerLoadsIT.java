package io.redrill.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.server.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real `redis-server` starts from the files of the bundled server, and the other way round: both
/// then give the same digest of all data.
class RealServerLoadsIT {

  private static final int KEYS = 3_000;

  @TempDir private Path dir;

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
  }

  @Test
  void loadsTheSnapshot() throws IOException {
    String digest;
    try (TestServer server = TestServer.start(dir, "--enable-debug-command", "yes");
        RespConnection connection = server.connect()) {
      fill(connection);
      connection.call("SAVE");
      digest = digest(connection);
    }
    try (RealRedis real = RealRedis.start(dir);
        RespConnection connection = real.connect()) {
      assertThat(digest(connection)).isEqualTo(digest);
    }
  }

  @Test
  void loadsTheAppendOnlyFiles() throws IOException {
    String[] on = {"--appendonly", "yes", "--enable-debug-command", "yes"};
    String digest;
    try (TestServer server = TestServer.start(dir, on);
        RespConnection connection = server.connect()) {
      fill(connection);
      connection.call("BGREWRITEAOF");
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> server.info("aof_rewrite_in_progress").equals("0"));
      connection.call("SET", "after", "the rewrite");
      connection.call("DEL", "string:7");
      connection.call("RPUSH", "list:1", "later");
      digest = digest(connection);
    }
    try (Stream<Path> files = Files.list(dir.resolve("appendonlydir"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "appendonly.aof.manifest", "appendonly.aof.2.base.rdb", "appendonly.aof.2.incr.aof");
    }
    try (RealRedis real = RealRedis.start(dir, on);
        RespConnection connection = real.connect()) {
      assertThat(digest(connection)).isEqualTo(digest);
      connection.call("SET", "by", "the real one");
      connection.call("CONFIG", "SET", "appendfsync", "always");
      digest = digest(connection);
    }
    try (TestServer back = TestServer.start(dir, on);
        RespConnection connection = back.connect()) {
      assertThat(digest(connection)).isEqualTo(digest);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "commands-only",
        "empty",
        "odd-names",
        "rewritten-as-commands",
        "rewritten-as-rdb",
        "several-incr",
        "taken-over",
        "timestamps",
        "timestamps-no-rdb",
        "with-history"
      })
  void bothLoadTheSameFromTheAppendOnlyFilesOfTheCorpus(String set) throws IOException {
    Path corpus = Path.of("..", "..", "shared", "corpus", "redis-7.0.15", "aof", set);
    assumeTrue(Files.isDirectory(corpus), "the corpus is not beside the project");
    List<String> directives =
        new ArrayList<>(List.of("--appendonly", "yes", "--databases", "4096"));
    directives.addAll(List.of("--enable-debug-command", "yes"));
    if (set.equals("odd-names")) {
      directives.addAll(oddNames(corpus));
    }
    String[] on = directives.toArray(String[]::new);
    copy(corpus, dir.resolve("real"));
    copy(corpus, dir.resolve("ours"));
    try (RealRedis real = RealRedis.start(dir.resolve("real"), on);
        TestServer ours = TestServer.start(dir.resolve("ours"), on);
        RespConnection theirs = real.connect();
        RespConnection mine = ours.connect()) {
      // Keys that have expired are in the digest until each server has come across them.
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(digest(mine)).isEqualTo(digest(theirs)));
    }
  }

  /// The names that the files of a set go by, as directives.
  private static List<String> oddNames(Path set) throws IOException {
    try (Stream<Path> files = Files.walk(set)) {
      Path manifest =
          files.filter(file -> file.toString().endsWith(".manifest")).findFirst().orElseThrow();
      String name = manifest.getFileName().toString();
      return List.of(
          "--appenddirname",
          manifest.getName(manifest.getNameCount() - 2).toString(),
          "--appendfilename",
          name.substring(0, name.length() - ".manifest".length()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static String digest(RespConnection connection) throws IOException {
    return connection.call("DEBUG", "DIGEST").asText();
  }

  private static void fill(RespConnection connection) throws IOException {
    int sent = 0;
    for (int i = 0; i < KEYS; i++) {
      String n = Integer.toString(i);
      connection.send("SET", "string:" + i, "value of " + "x".repeat(i % 200));
      connection.send("SET", "int:" + i, n);
      connection.send("RPUSH", "list:" + i % 50, n, "element " + n);
      connection.send("HSET", "hash:" + i % 40, "field" + n, n);
      connection.send("SADD", "set:" + i % 30, n);
      connection.send("SADD", "words:" + i % 60, "word" + n);
      connection.send("ZADD", "zset:" + i % 20, Double.toString(i * 0.25), "member" + n);
      connection.send("SET", "expiring:" + i, n, "EX", "100000");
      sent += 8;
    }
    connection.flush();
    for (int i = 0; i < sent; i++) {
      connection.receive();
    }
  }
}
