package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `redrill aof follow`, from the command line to a server that loads what it wrote.
class AofFollowIT {

  @TempDir private Path directory;

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  private RealRedis start() throws IOException {
    return RealRedis.start(directory.resolve("primary"), "--repl-diskless-sync-delay", "0");
  }

  private CommandRun follow(String url, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "aof";
    arguments[1] = "follow";
    arguments[2] = url;
    arguments[3] = "--to";
    arguments[4] = "followed";
    System.arraycopy(more, 0, arguments, 5, more.length);
    return CommandRun.in(directory, Map.of("REDRILL_SOURCE_PASSWORD", "secret"), arguments);
  }

  @Test
  void writesWhatAServerLoadsAndACutTakes() throws IOException {
    try (RealRedis primary = start();
        RespConnection client = primary.connect()) {
      client.call("CONFIG", "SET", "requirepass", "secret");
      client.call("AUTH", "secret");
      client.call("SET", "before", "the snapshot");
      String url = "redis://127.0.0.1:" + primary.port();
      CompletableFuture<CommandRun> run =
          CompletableFuture.supplyAsync(() -> follow(url, "--for", "4"));
      Awaitility.await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> client.call("INFO", "replication").asText().contains("state=online"));
      client.call("SET", "kept", "1");
      client.call("FLUSHALL");
      client.call("SET", "after", "1");
      assertThat(client.call("WAIT", "1", "10000").asLong()).isEqualTo(1);
      CommandRun followed = run.join();
      assertThat(followed.status()).as("%s", followed).isZero();
      assertThat(followed.results())
          .contains("receiving a snapshot", "stopped; everything is durable");
      assertThat(followed.printed()).doesNotContain("secret");

      CommandRun again = follow(url, "--for", "1");
      assertThat(again.results()).startsWith("following from").doesNotContain("snapshot");
    }
    CommandRun check = CommandRun.in(directory, "aof", "check", "followed");
    assertThat(check.status()).as("%s", check).isZero();
    assertThat(check.results()).doesNotContain("note");
    CommandRun cut =
        CommandRun.in(directory, "aof", "cut", "followed", "--before", "FLUSHALL", "--to", "cut");
    assertThat(cut.status()).as("%s", cut).isZero();
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.move(directory.resolve("cut"), data.resolve("appendonlydir"));
    try (RealRedis loaded = RealRedis.start(data, "--appendonly", "yes");
        RespConnection client = loaded.connect()) {
      assertThat(client.call("GET", "before").asText()).isEqualTo("the snapshot");
      assertThat(client.call("GET", "kept").asText()).isEqualTo("1");
      assertThat(client.call("EXISTS", "after").asLong()).isZero();
    }
  }

  @Test
  void saysWhyItDoesNotFollow() throws IOException {
    CommandRun nobody = follow("redis://127.0.0.1:" + RealRedis.freePort());
    assertThat(nobody.status()).as("%s", nobody).isEqualTo(8);
    assertThat(follow("http://127.0.0.1").status()).isEqualTo(2);
    assertThat(follow("redis://127.0.0.1", "--file-size", "0").status()).isEqualTo(2);
    assertThat(directory.resolve("followed")).doesNotExist();
    try (RealRedis primary = start();
        RespConnection client = primary.connect()) {
      client.call("CONFIG", "SET", "requirepass", "another");
      String url = "redis://127.0.0.1:" + primary.port();
      CommandRun wrong = follow(url);
      assertThat(wrong.status()).as("%s", wrong).isEqualTo(9);
      assertThat(wrong.printed()).doesNotContain("secret");
      Files.createDirectories(directory.resolve("followed"));
      Files.writeString(directory.resolve("followed/mine"), "");
      CommandRun taken = CommandRun.in(directory, "aof", "follow", url, "--to", "followed");
      assertThat(taken.status()).as("%s", taken).isEqualTo(4);
      assertThat(taken.messages()).contains("E4310", "mine");
    }
  }
}
