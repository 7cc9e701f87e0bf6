package io.redrill.scheduler.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {

  private static final JobName SNAPSHOT = new JobName("main", JobKind.SNAPSHOT);
  private static final JobName DRILL = new JobName("main", JobKind.DRILL);
  private static final Instant START = Instant.parse("2026-11-24T02:41:00.123456789Z");

  @TempDir private Path directory;

  @Test
  void everyFieldSurvivesARestart() {
    Run succeeded;
    Run failed;
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      RunHistory history = new RunHistory(database);
      succeeded =
          history.end(
              history.begin(SNAPSHOT, RunTrigger.SCHEDULE, START),
              RunEnd.succeeded(
                  START.plusSeconds(4), Optional.of("20261124T0241-ab"), Map.of("keys", 3L)));
      failed =
          history.end(
              history.begin(DRILL, RunTrigger.OPERATOR, START.plusSeconds(5)),
              RunEnd.failed(
                  START.plusSeconds(6), new RunError("E5108", "the digest differs: '\u00e9;--")));
    }
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      RunHistory history = new RunHistory(database);
      assertThat(history.latest(10)).containsExactly(failed, succeeded);
      assertThat(history.latest(JobKind.DRILL, 10)).containsExactly(failed);
      assertThat(history.lastSucceeded(SNAPSHOT)).contains(succeeded);
      assertThat(history.lastSucceeded(DRILL)).isEmpty();
      assertThat(history.lastEnded(DRILL)).contains(failed);
    }
  }

  @Test
  void aDatabaseThatWasSetAsideCanBePutBack() {
    Run kept;
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      kept = new RunHistory(database).begin(SNAPSHOT, RunTrigger.SCHEDULE, START);
    }

    Path aside = HistoryDatabase.setAside(directory, START).orElseThrow();
    assertThat(aside).isEqualTo(directory.resolve("history-damaged-20261124T024100Z.mv.db"));
    assertThat(HistoryDatabase.setAside(directory, START)).isEmpty();
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      assertThat(new RunHistory(database).latest(10)).isEmpty();
    }

    HistoryDatabase.putBack(aside);
    assertThat(aside).doesNotExist();
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      assertThat(new RunHistory(database).latest(10)).containsExactly(kept);
    }
  }

  @Test
  void saysWhyADatabaseCannotBeSetAside() throws IOException {
    Files.createFile(directory.resolve("history.mv.db"));
    Path taken = Files.createFile(directory.resolve("history-damaged-20261124T024100Z.mv.db"));

    assertThatThrownBy(() -> HistoryDatabase.setAside(directory, START))
        .hasMessageContaining(taken + ": a file stands there already");
  }

  @Test
  void aMessageOfAnyLengthFits() {
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      RunHistory history = new RunHistory(database);
      Run run = history.begin(SNAPSHOT, RunTrigger.SCHEDULE, START);
      history.end(run, RunEnd.failed(START, new RunError("E1002", "x".repeat(100_000))));

      RunError error =
          history.lastEnded(SNAPSHOT).orElseThrow().end().orElseThrow().error().orElseThrow();
      assertThat(error.message()).hasSize(4000);
    }
  }

  @Test
  void oldRunsAreForgottenWhenAsked() {
    try (HistoryDatabase database = HistoryDatabase.open(directory)) {
      RunHistory history = new RunHistory(database);
      for (int i = 0; i < 5; i++) {
        history.begin(SNAPSHOT, RunTrigger.SCHEDULE, START.plusSeconds(i));
      }

      assertThat(history.keepLatest(2)).isEqualTo(3);
      assertThat(history.latest(10)).hasSize(2);
    }
  }
}
