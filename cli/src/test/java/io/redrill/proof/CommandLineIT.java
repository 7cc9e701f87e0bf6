package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.command.CommandLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backup and restore as typed by hand, and what the commands say to mistakes.
class CommandLineIT {

  @TempDir private Path directory;
  private RealRedis source;

  @BeforeEach
  void startSource() throws IOException {
    RealRedis.assumeInstalled();
    source = RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0");
    try (RespConnection client = source.connect()) {
      client.call("SET", "key", "value");
      client.call("FUNCTION", "LOAD", WriteMix.LIBRARY.formatted(1));
    }
  }

  @AfterEach
  void endSource() {
    if (source != null) {
      source.close();
    }
  }

  private record Ended(int status, String printed) {}

  private Ended redrill(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--repo");
    all.add("file:" + directory.resolve("repository"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    int status =
        CommandLines.of(
                Archive.context(directory, new PrintStream(printed, true, StandardCharsets.UTF_8)))
            .execute(all.toArray(String[]::new));
    return new Ended(status, printed.toString(StandardCharsets.UTF_8));
  }

  private String backup(String name) {
    Ended backup = redrill("backup", url(source), "--name", name);
    assertThat(backup.status).as(backup.printed).isEqualTo(ExitStatus.PROVEN.code());
    return backup.printed.lines().toList().getLast();
  }

  private static String url(RealRedis server) {
    return "redis://127.0.0.1:" + server.port();
  }

  private void assertRefused(ExitStatus status, String message, String... words) {
    Ended ended = redrill(words);
    assertThat(ended.printed).contains(message);
    assertThat(ended.status).as(ended.printed).isEqualTo(status.code());
  }

  @Test
  void aBackupGoesToEveryTargetAndReplacesNothingUnasked() throws IOException {
    String snapshot = backup("orders");
    assertThat(redrill("show", snapshot).printed).contains("functions    1 library");

    Ended file = redrill("restore", snapshot, "--to", "latest.rdb");
    assertThat(file.printed)
        .contains("restoring orders from snapshot " + snapshot + System.lineSeparator())
        .contains("restored to latest.rdb");
    assertThat(file.status).isZero();
    assertRefused(ExitStatus.REFUSED, "E5101", "restore", snapshot, "--to", "latest.rdb");
    assertThat(redrill("restore", snapshot, "--to", "data").printed)
        .contains("redis-server --dir data --appendonly yes");
    assertRefused(ExitStatus.REFUSED, "E5101", "restore", snapshot, "--to", "data");

    try (RealRedis target = RealRedis.start(directory.resolve("target"))) {
      String to = url(target);
      assertThat(redrill("restore", snapshot, "--to", to).printed)
          .contains("server    1 key written, 0 removed")
          .contains("functions 1 library loaded, 0 removed");
      assertRefused(ExitStatus.REFUSED, "add --replace", "restore", snapshot, "--to", to);
      try (RespConnection client = target.connect()) {
        client.call("SET", "surplus", "1");
      }
      assertThat(redrill("restore", snapshot, "--to", to, "--replace").printed)
          .contains("1 key written, 1 removed");
    }
  }

  @Test
  void manyDatabasesAreNamedWhereTheServerMustKnowAndWhereTheyAreProven() throws IOException {
    source.close();
    source =
        RealRedis.start(
            directory.resolve("many"), "--databases", "32", "--repl-diskless-sync-delay", "0");
    try (RespConnection client = source.connect()) {
      client.call("SET", "key", "first");
      client.call("SELECT", "30");
      client.call("SET", "key", "last");
    }
    String snapshot = backup("orders");

    assertThat(redrill("restore", snapshot, "--to", "data").printed)
        .contains("redis-server --dir data --appendonly yes --databases 31");
    assertThat(redrill("drill").printed)
        .containsPattern("restored data: db 0: [0-9a-f]{32}, db 30: [0-9a-f]{32}\\R");
  }

  @Test
  void mistakesAreAnsweredWithTheNextStep() throws IOException {
    String snapshot = backup("orders");
    backup("carts");
    Files.createFile(directory.resolve("file"));

    assertRefused(ExitStatus.USAGE, "--source: [carts, orders]", "restore", "latest", "--to", "x");
    assertRefused(
        ExitStatus.FAILURE,
        "a file stands there already",
        "restore",
        snapshot,
        "--to",
        "file/below.rdb");
    assertRefused(
        ExitStatus.USAGE,
        "REDRILL_TARGET_PASSWORD",
        "restore",
        snapshot,
        "--to",
        "redis://user:secret@127.0.0.1:1");
    assertRefused(
        ExitStatus.USAGE,
        "not a restore target",
        "restore",
        snapshot,
        "--to",
        "redis://127.0.0.1:1/3");
    assertRefused(ExitStatus.USAGE, "a source is redis://", "backup", "127.0.0.1:6379");
    assertRefused(
        ExitStatus.USAGE,
        "--directory goes with --capture data-dir",
        "backup",
        url(source),
        "--directory",
        "data");
  }
}
