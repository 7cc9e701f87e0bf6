package io.redrill.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunHistory;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunResult;
import io.redrill.scheduler.job.RunTrigger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Quartz itself, on a database in a temporary directory.
class SchedulerTest {

  private static final JobName SNAPSHOT = new JobName("main", JobKind.SNAPSHOT);
  private static final JobName DRILL = new JobName("main", JobKind.DRILL);

  /// A tick so far away that a test never meets it.
  private static final Cron FAR = new Cron("0 0 0 1 1 ? 2099");

  @TempDir private Path directory;
  private final InstantSource clock = InstantSource.system();
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

  private Scheduler start(List<FakeJob> jobs, List<Schedule> schedules) {
    return Scheduler.start(
        database, history, jobs, schedules, run -> {}, Duration.ofSeconds(30), clock);
  }

  @Test
  void fiftyTicksMissedWhileTheDaemonWasDownAreMadeUpForByOneRun() throws SQLException {
    FakeJob job = new FakeJob(SNAPSHOT);
    List<Schedule> schedules = List.of(new Schedule(SNAPSHOT, FAR));
    start(List.of(job), schedules).close();
    assertThat(job.runs).hasValue(0);

    lastTickWasDue(Instant.now().minus(Duration.ofDays(50)));
    try (Scheduler scheduler = start(List.of(job), schedules)) {
      await().until(() -> history.lastSucceeded(SNAPSHOT).isPresent());
      assertThat(scheduler.nextFirings())
          .containsExactly(new Firing(SNAPSHOT, Instant.parse("2099-01-01T00:00:00Z")));
    }

    assertThat(job.runs).hasValue(1);
    assertThat(history.latest(10)).hasSize(1);
  }

  private void lastTickWasDue(Instant due) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement update =
            connection.prepareStatement("UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?")) {
      update.setLong(1, due.toEpochMilli());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void ticksThatFallIntoALongRunAreMadeUpForByOneMore() {
    CountDownLatch release = new CountDownLatch(1);
    FakeJob job =
        new FakeJob(
            SNAPSHOT,
            context -> {
              awaitLatch(release);
              return new RunResult.Succeeded(Optional.empty(), Map.of());
            });
    try (Scheduler scheduler =
        start(List.of(job), List.of(new Schedule(SNAPSHOT, new Cron("* * * * * ?"))))) {
      await().until(() -> job.runs.get() == 1);
      Instant began = history.latest(1).getFirst().started();
      await().until(() -> Instant.now().isAfter(began.plusSeconds(4)));
      assertThat(history.latest(10)).hasSize(1);
      release.countDown();
      await().until(() -> history.lastSucceeded(SNAPSHOT).isPresent() && job.runs.get() >= 2);
      assertThat(scheduler.nextFiring(SNAPSHOT)).isPresent();
    }
    List<Instant> starts = history.latest(10).stream().map(Run::started).sorted().toList();
    assertThat(job.most).hasValue(1);
    // Had each of the missed ticks run, four of them would have begun within the same second.
    assertThat(starts.stream().filter(starts.get(1).plusMillis(900)::isAfter)).hasSizeLessThan(4);
  }

  @Test
  void anOperatorCanAskForARunAndAnUnknownJobIsNotThere() {
    FakeJob drill = new FakeJob(DRILL);
    try (Scheduler scheduler = start(List.of(drill), List.of())) {
      assertThat(scheduler.trigger(DRILL, RunTrigger.OPERATOR)).isTrue();
      assertThat(scheduler.trigger(SNAPSHOT, RunTrigger.OPERATOR)).isFalse();
      await().until(() -> history.lastSucceeded(DRILL).isPresent());
      assertThat(scheduler.nextFirings()).isEmpty();
    }
    assertThat(history.latest(1).getFirst().trigger()).isEqualTo(RunTrigger.OPERATOR);
  }

  @Test
  void aChangedScheduleReplacesTheStoredOneAndARemovedOneIsForgotten() {
    FakeJob snapshot = new FakeJob(SNAPSHOT);
    FakeJob drill = new FakeJob(DRILL);
    start(List.of(snapshot, drill), List.of(new Schedule(SNAPSHOT, FAR), new Schedule(DRILL, FAR)))
        .close();

    Cron later = new Cron("0 0 0 1 1 ? 2098");
    try (Scheduler scheduler = start(List.of(snapshot), List.of(new Schedule(SNAPSHOT, later)))) {
      assertThat(scheduler.nextFirings())
          .containsExactly(new Firing(SNAPSHOT, Instant.parse("2098-01-01T00:00:00Z")));
      assertThat(scheduler.trigger(DRILL, RunTrigger.OPERATOR)).isFalse();
    }
  }

  @Test
  void runsThatWereGoingOnWhenTheDaemonDiedAreMarkedInterrupted() {
    Run lost = history.begin(SNAPSHOT, RunTrigger.SCHEDULE, clock.instant());

    start(List.of(new FakeJob(SNAPSHOT)), List.of()).close();

    Run found = history.latest(1).getFirst();
    assertThat(found.id()).isEqualTo(lost.id());
    assertThat(found.ended(RunOutcome.INTERRUPTED)).isTrue();
  }

  @Test
  void stoppingLetsARunningJobFinish() {
    CountDownLatch release = new CountDownLatch(1);
    FakeJob job =
        new FakeJob(
            SNAPSHOT,
            context -> {
              awaitLatch(release);
              return new RunResult.Succeeded(Optional.empty(), Map.of());
            });
    Scheduler scheduler = start(List.of(job), List.of());
    scheduler.trigger(SNAPSHOT, RunTrigger.OPERATOR);
    await().until(() -> job.runs.get() == 1);
    Thread stop = Thread.ofVirtual().start(scheduler::close);

    release.countDown();
    await().until(() -> !stop.isAlive());

    assertThat(history.latest(1).getFirst().ended(RunOutcome.SUCCEEDED)).isTrue();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
