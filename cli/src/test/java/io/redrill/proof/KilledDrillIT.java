package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.cli.composition.BundledServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A drill is cut short while its scratch instance runs. Neither process nor file of it stays: at
/// once where it was interrupted, and after the next drill where it was killed.
class KilledDrillIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Map<String, String> REPOSITORY = Map.of("REDRILL_REPO", "file:repository");

  @TempDir private Path directory;

  @BeforeEach
  void backUp() throws IOException {
    try (BundledServer server =
            BundledServer.start(directory.resolve("source"), 0, Archive.context(directory));
        RespConnection client =
            RespConnection.connect(ServerEndpoint.of("127.0.0.1", server.port()))) {
      client.call("SET", "key", "value");
      CommandRun backup =
          CommandRun.in(
              directory, REPOSITORY, "backup", "redis://127.0.0.1:" + server.port(), "--json");
      assertThat(backup.status()).as("%s", backup).isZero();
    }
  }

  private static List<ProcessHandle> awaitScratchInstance(RedrillProcess drill) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(drill::descendants, processes -> !processes.isEmpty());
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(directory.resolve("work"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theNextDrillClearsUpAfterOneThatWasKilled() throws Exception {
    List<ProcessHandle> scratch;
    try (RedrillProcess drill = RedrillProcess.start(directory, REPOSITORY, "drill")) {
      scratch = awaitScratchInstance(drill);
      drill.kill();
    }
    assertThat(directory.resolve("work")).isNotEmptyDirectory();

    CommandRun next = CommandRun.in(directory, REPOSITORY, "drill");

    assertThat(next.status()).as("%s", next).isZero();
    awaitEnd(scratch);
    assertNothingIsLeft();
  }

  @Test
  void anInterruptedDrillClearsUpItself() throws Exception {
    try (RedrillProcess drill = RedrillProcess.start(directory, REPOSITORY, "drill")) {
      List<ProcessHandle> scratch = awaitScratchInstance(drill);

      drill.interrupt();

      assertThat(drill.awaitEnd()).as("%s", drill).isEqualTo(130);
      assertThat(drill.messages()).contains("E1001");
      assertThat(drill.results()).isEmpty();
      awaitEnd(scratch);
    }
    assertNothingIsLeft();
    CommandRun report = CommandRun.in(directory, REPOSITORY, "report", "latest");
    assertThat(report.status()).as("%s", report).isEqualTo(6);
  }

  @Test
  void anInterruptedRestoreLeavesNothing() throws Exception {
    try (RedrillProcess restore =
        RedrillProcess.start(
            directory, REPOSITORY, "restore", "latest", "--to", "new/restored.rdb")) {
      await().atMost(PATIENCE).until(() -> restore.messages().contains("restoring"));

      restore.interrupt();

      // It may have come to its end just before.
      if (restore.awaitEnd() == 0) {
        assertThat(directory.resolve("new/restored.rdb")).exists();
      } else {
        assertThat(restore.awaitEnd()).as("%s", restore).isEqualTo(130);
        assertThat(directory.resolve("new/restored.rdb")).doesNotExist();
      }
    }
    if (Files.exists(directory.resolve("new"))) {
      try (Stream<Path> left = Files.list(directory.resolve("new"))) {
        assertThat(left.map(file -> file.getFileName().toString())).isSubsetOf("restored.rdb");
      }
    }
  }
}
