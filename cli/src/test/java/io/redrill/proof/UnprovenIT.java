package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.backup.repository.Repository;
import io.redrill.cli.composition.BundledServer;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was not proved is not reported as proved; and what is reported to programs is JSON, whole
/// and alone.
class UnprovenIT {

  @TempDir private Path directory;

  private CommandRun redrill(String... arguments) {
    return CommandRun.in(directory, Map.of("REDRILL_REPO", "file:repository"), arguments);
  }

  private void makeEmptyRepository() throws IOException {
    try (FilesystemStore store = FilesystemStore.open(directory.resolve("repository"))) {
      Repository.init(store, Archive.CLOCK, new Random(1));
    }
  }

  private static void assertEnds(CommandRun run, int status, String said) {
    assertThat(run.status()).as("%s", run).isEqualTo(status);
    assertThat(run.printed()).contains(said);
  }

  @Test
  void anEmptyRepositoryProvesNothing() throws IOException {
    makeEmptyRepository();

    assertEnds(redrill("check"), 6, "E5002");
    assertEnds(redrill("check", "orders"), 6, "there is no snapshot of this source");
    assertEnds(redrill("list"), 6, "E5002");
    assertEnds(redrill("list", "orders"), 6, "E5002");
    assertEnds(redrill("list", "../x"), 2, "E1101");
    assertEnds(redrill("drill"), 6, "E5002");
    assertEnds(redrill("drill", "orders"), 6, "no recovery point");
    assertEnds(redrill("restore", "latest", "--to", "x.rdb"), 6, "E5002");
    assertEnds(redrill("report", "latest"), 0, "no recovery point");
    assertEnds(redrill("report", "20010101T"), 6, "E6101");
  }

  /// Somebody removed the manifest: what is left of the log leads nowhere.
  @Test
  void aLogWithoutItsSnapshotProvesNothing() throws IOException {
    makeEmptyRepository();
    Path log = directory.resolve("repository/orders/log/" + "a".repeat(40));
    Files.createDirectories(log);
    Files.writeString(log.resolve("%020d-%020d.aof.zst".formatted(0, 10)), "");

    assertEnds(redrill("check"), 5, "there is no snapshot of this source");
    assertEnds(redrill("list"), 6, "E5002");
    assertEnds(redrill("restore", "latest", "--to", "x.rdb"), 6, "E5002");
  }

  /// A drill whose report could not be stored leaves no evidence.
  @Test
  void aDrillWithoutAReportIsNotPassed() throws IOException {
    try (BundledServer server =
        BundledServer.start(directory.resolve("source"), 0, Archive.context(directory))) {
      String url = "redis://127.0.0.1:" + server.port();
      assertEnds(redrill("backup", url, "--name", "orders"), 0, "");
    }
    Files.writeString(directory.resolve("repository/drills"), "a file stands in the way");

    CommandRun drill = redrill("drill");

    assertEnds(drill, 3, "this report could not be stored");
  }

  @Test
  void whatIsForProgramsIsJsonAndNothingElse() throws IOException {
    String url;
    JsonNode backup;
    try (BundledServer server =
        BundledServer.start(directory.resolve("source"), 0, Archive.context(directory))) {
      url = "redis://127.0.0.1:" + server.port();
      backup = redrill("backup", url, "--name", "orders", "--json").json();
    }
    String id = backup.at("/id").asText();
    assertThat(redrill("list", "--json").json().at("/sources/0/snapshots/0/id").asText())
        .isEqualTo(id);
    assertThat(redrill("show", id, "--json").json()).isEqualTo(backup);
    assertThat(redrill("check", "--json").json().at("/whole").asBoolean()).isTrue();
    CommandRun restore = redrill("restore", "latest", "--to", "x.rdb", "--json");
    assertThat(restore.json().at("/snapshot").asText()).isEqualTo(id);
    assertThat(restore.json().at("/complete").asBoolean()).isTrue();
    JsonNode drill = redrill("drill", "--json").json();
    assertThat(drill.at("/verdict").asText()).isEqualTo("PASSED");
    CommandRun report = redrill("report", "latest", "--json", "--to", "report");
    assertThat(report.json()).isEqualTo(drill);
    assertThat(directory.resolve("report/report.html")).content().contains("passed");
    assertThat(directory.resolve("report/report.junit.xml")).content().contains("<testsuite");
    assertThat(redrill("report", "--json").json().at("/drills/0")).isEqualTo(drill);
    assertThat(redrill("rdb", "check", "x.rdb", "--json").json().at("/sound").asBoolean()).isTrue();
    assertThat(redrill("restore", "latest", "--to", "data", "--json").json().at("/complete"))
        .isNotNull();
    assertThat(redrill("aof", "check", "data", "--json").json().at("/healthy").asBoolean())
        .isTrue();
  }
}
