package io.redrill.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunResult;
import io.redrill.scheduler.job.RunTrigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunnerTest {

  private static final JobName NAME = new JobName("main", JobKind.SNAPSHOT);
  private static final Instant START = Instant.parse("2026-11-24T02:00:00Z");

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(START);
  private final List<Run> ended = new ArrayList<>();
  private HistoryDatabase database;
  private RunHistory history;

  @BeforeEach
  void open() {
    database = HistoryDatabase.open(directory);
    history = new RunHistory(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JobRunner runner(FakeJob job) {
    return new JobRunner(Map.of(NAME, job), history, ended::add, clock);
  }

  @Test
  void writesDownWhatASuccessfulRunProduced() {
    Run run = runner(new FakeJob(NAME)).run(NAME, RunTrigger.OPERATOR).orElseThrow();

    assertThat(run.ended(RunOutcome.SUCCEEDED)).isTrue();
    assertThat(history.latest(10)).containsExactly(run);
    assertThat(run.end().orElseThrow().numbers()).containsEntry("keys", 7L);
    assertThat(ended).containsExactly(run);
  }

  @Test
  void showsTheRunAsGoingOnWhileItDoes() {
    FakeJob job =
        new FakeJob(
            NAME,
            context -> {
              assertThat(history.latest(1).getFirst().end()).isEmpty();
              assertThat(history.latest(1).getFirst().id()).isEqualTo(context.runId());
              clock.advance(Duration.ofSeconds(3));
              return new RunResult.Succeeded(Optional.empty(), Map.of());
            });

    Run run = runner(job).run(NAME, RunTrigger.OPERATOR).orElseThrow();

    assertThat(run.duration()).contains(Duration.ofSeconds(3));
  }

  @Test
  void keepsTheCodeOfAFailure() {
    FakeJob job =
        new FakeJob(
            NAME,
            context -> {
              throw new RedrillException(ErrorCode.SAVE_FAILED, "source", "main");
            });

    Run run = runner(job).run(NAME, RunTrigger.SCHEDULE).orElseThrow();

    RunError error = run.end().orElseThrow().error().orElseThrow();
    assertThat(run.ended(RunOutcome.FAILED)).isTrue();
    assertThat(error.code()).isEqualTo("E2102");
    assertThat(error.message()).contains("source=main");
  }

  @Test
  void aDefectOfAJobEndsTheRunAndNotTheScheduler() {
    FakeJob job =
        new FakeJob(
            NAME,
            context -> {
              throw new IllegalStateException("a defect");
            });
    JobRunner runner = runner(job);

    assertThat(runner.tick(NAME, START).orElseThrow().ended(RunOutcome.FAILED)).isTrue();
    clock.advance(Duration.ofHours(1));
    assertThat(runner.tick(NAME, clock.instant())).isPresent();
  }

  @Test
  void oneRunMakesUpForEveryTickThatWasDueBeforeItBegan() {
    FakeJob job = new FakeJob(NAME);
    JobRunner runner = runner(job);
    clock.advance(Duration.ofSeconds(10));

    for (int second = 0; second <= 10; second++) {
      runner.tick(NAME, START.plusSeconds(second));
    }
    assertThat(job.runs).hasValue(1);

    clock.advance(Duration.ofSeconds(2));
    runner.tick(NAME, START.plusSeconds(11));
    assertThat(job.runs).hasValue(2);
    assertThat(history.latest(10)).hasSize(2);
  }

  @Test
  void anOperatorsRunIsNeverMadeUpFor() {
    FakeJob job = new FakeJob(NAME);
    JobRunner runner = runner(job);

    runner.run(NAME, RunTrigger.OPERATOR);
    runner.run(NAME, RunTrigger.OPERATOR);

    assertThat(job.runs).hasValue(2);
  }

  @Test
  void aJobCutShortByTheStopIsInterruptedAndStillWrittenDown() throws InterruptedException {
    FakeJob job =
        new FakeJob(
            NAME,
            context -> {
              try {
                Thread.sleep(Duration.ofHours(1));
                return new RunResult.Succeeded(Optional.empty(), Map.of());
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    JobRunner runner = runner(job);
    Thread worker = Thread.ofVirtual().start(() -> runner.run(NAME, RunTrigger.OPERATOR));
    org.awaitility.Awaitility.await().until(() -> job.runs.get() == 1);

    assertThat(runner.await(Duration.ofMillis(1))).isFalse();
    runner.stopAndInterrupt();
    assertThat(runner.await(Duration.ofSeconds(30))).isTrue();
    worker.join();

    assertThat(history.latest(1).getFirst().ended(RunOutcome.INTERRUPTED)).isTrue();
    assertThat(runner.run(NAME, RunTrigger.OPERATOR)).isEmpty();
  }
}
