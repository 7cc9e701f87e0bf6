package io.redrill.cli.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.PsyncSource;
import io.redrill.cli.config.Configuration;
import io.redrill.console.ArchiveState;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunOutcome;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A whole daemon, protecting a real redis-server.
class DaemonIT {

  private static final JobName SNAPSHOT = new JobName("main", JobKind.SNAPSHOT);

  private static final DaemonParts PARTS =
      new DaemonParts(
          DaemonIT::store,
          config ->
              new PsyncSource(config.url().endpoint(Optional.empty()), InstantSource.system()),
          "test",
          InstantSource.system(),
          new Random(42));

  @TempDir private Path directory;
  private RealRedis redis;

  private static ObjectStore store(StoreUrl url) {
    return FilesystemStore.open(((StoreUrl.Directory) url).path());
  }

  @BeforeEach
  void startRedis() throws IOException {
    RealRedis.assumeInstalled();
    redis = RealRedis.start(directory.resolve("redis"));
  }

  @AfterEach
  void stopRedis() throws IOException {
    redis.close();
  }

  private Configuration configuration(String schedule) throws IOException {
    Path file = directory.resolve("redrill.yaml");
    Files.writeString(
        file,
        """
        repository: file:repository
        data: state
        console: { port: 0 }
        sources:
          main:
            url: redis://127.0.0.1:%d
            objectives: { rpo: 1h }
            schedule: { snapshot: "%s" }
        """
            .formatted(redis.port(), schedule));
    return Configuration.read(file);
  }

  private static Daemon start(Configuration configuration) {
    return Daemon.start(configuration, PARTS, (config, repository) -> List.of());
  }

  private static HttpResponse<String> get(Daemon daemon, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(daemon.consoleUrl() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static long succeeded(Daemon daemon) {
    return daemon.status().runs().stream().filter(run -> run.ended(RunOutcome.SUCCEEDED)).count();
  }

  @Test
  void schedulesFireTheConsoleAnswersAndARestartKeepsTheHistory() throws Exception {
    Configuration configuration = configuration("0/2 * * * * ?");
    List<Run> before;
    try (Daemon daemon = start(configuration)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> succeeded(daemon) >= 2);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> get(daemon, "/healthz").statusCode() == 200);

      assertThat(daemon.status().sources().getFirst().archive())
          .isInstanceOf(ArchiveState.Following.class);
      assertThat(daemon.status().runs().getFirst().trigger()).isEqualTo(RunTrigger.SCHEDULE);
      assertThat(get(daemon, "/").body()).contains("All well", "main", "succeeded");
      assertThat(get(daemon, "/metrics").body())
          .contains("redrill_runs_total{job=\"snapshot\",outcome=\"succeeded\",source=\"main\"}")
          .contains("redrill_archive_following{source=\"main\"} 1.0");
      before = daemon.status().runs().stream().filter(run -> run.end().isPresent()).toList();
    }

    try (Daemon daemon = start(configuration("0 0 0 1 1 ? 2099"))) {
      assertThat(daemon.status().runs()).containsAll(before);
      assertThat(daemon.nextFirings()).hasSize(1);
      assertThat(daemon.status().sources().getFirst().snapshots()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aSecondDaemonOnTheSameDataIsRefusedAndTheFirstGoesOn() throws Exception {
    Configuration configuration = configuration("0 0 0 1 1 ? 2099");
    try (Daemon daemon = start(configuration)) {
      RedrillException e =
          catchThrowableOfType(RedrillException.class, () -> start(configuration).close());

      assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_IN_USE);
      assertThat(get(daemon, "/metrics").statusCode()).isEqualTo(200);
    }
  }

  /// How a database was seen damaged after a daemon had been killed: in one, a table was missing.
  static Stream<Arguments> damages() {
    return Stream.of(
        damage("a table is missing", file -> sql(file, "DROP TABLE RUN")),
        damage(
            "the clockwork's tables do not answer",
            file -> sql(file, "DROP TABLE QRTZ_FIRED_TRIGGERS")),
        damage("zeros", file -> Files.write(file, new byte[8192])),
        damage("cut short", file -> Files.write(file, new byte[] {1, 2, 3})));
  }

  /// What is done to the database's file.
  interface Damage {
    void to(Path file) throws Exception;
  }

  private static Arguments damage(String name, Damage damage) {
    return Arguments.of(name, damage);
  }

  private static void sql(Path file, String statement) throws SQLException {
    String url = "jdbc:h2:file:" + file.toString().replace(".mv.db", "");
    try (Connection connection = DriverManager.getConnection(url, "redrill", "");
        Statement executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedHistoryIsSetAsideAndBackupsGoOn(String name, Damage damage) throws Exception {
    try (Daemon daemon = start(configuration("0 0 0 1 1 ? 2099"))) {
      assertThat(daemon.trigger(SNAPSHOT)).isTrue();
      await().atMost(Duration.ofSeconds(60)).until(() -> succeeded(daemon) >= 1);
    }
    Path file = directory.resolve("state/history.mv.db");
    damage.to(file);
    byte[] damaged = Files.readAllBytes(file);

    try (Daemon daemon = start(configuration("0/2 * * * * ?"))) {
      int before = daemon.status().sources().getFirst().snapshots();
      assertThat(before).as(name).isPositive();
      await().atMost(Duration.ofSeconds(60)).until(() -> succeeded(daemon) >= 1);
    }

    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      List<Path> aside =
          files.filter(path -> path.getFileName().toString().contains("-damaged-")).toList();
      assertThat(aside).as(name).hasSize(1);
      assertThat(aside.getFirst().getFileName().toString())
          .matches("history-damaged-\\d{8}T\\d{6}Z\\.mv\\.db");
      byte[] kept = Files.readAllBytes(aside.getFirst());
      if (created(damaged).isEmpty()) {
        assertThat(kept).as(name).startsWith(damaged);
      } else {
        // Where H2 could open it, closing may have made it smaller.
        assertThat(created(kept)).as(name).isEqualTo(created(damaged));
      }
    }
  }

  /// What the head of a database file says of when it was made, which no two of a test share.
  private static Optional<String> created(byte[] database) {
    Matcher created =
        Pattern.compile("created:[0-9a-f]+")
            .matcher(new String(database, 0, Math.min(4096, database.length), ISO_8859_1));
    return created.find() ? Optional.of(created.group()) : Optional.empty();
  }

  @Test
  void aDamagedHistoryIsPutBackWhenTheDaemonCannotStartForAnotherReason() throws Exception {
    Configuration configuration = configuration("0 0 0 1 1 ? 2099");
    start(configuration).close();
    Path file = directory.resolve("state/history.mv.db");
    byte[] damaged = new byte[8192];
    Files.write(file, damaged);

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path yaml = directory.resolve("redrill.yaml");
      Files.writeString(
          yaml, Files.readString(yaml).replace("port: 0", "port: " + taken.getLocalPort()));
      Configuration onTakenPort = Configuration.read(yaml);
      RedrillException e =
          catchThrowableOfType(RedrillException.class, () -> start(onTakenPort).close());

      assertThat(e.code()).isEqualTo(ErrorCode.CONSOLE_PORT_TAKEN);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.contains("-damaged-"));
    }
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsSaidSo() throws Exception {
    Files.writeString(directory.resolve("state"), "a file stands in the way");
    Configuration configuration = configuration("0 0 0 1 1 ? 2099");

    RedrillException e =
        catchThrowableOfType(RedrillException.class, () -> start(configuration).close());

    assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_UNUSABLE);
  }

  @Test
  void aScheduleOfAJobThatThereIsNotIsRefusedAndNothingStaysOpen() throws Exception {
    Configuration configuration = configuration("0 0 0 1 1 ? 2020");

    RedrillException e =
        catchThrowableOfType(RedrillException.class, () -> start(configuration).close());
    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_BAD_VALUE);

    start(configuration("0 0 0 1 1 ? 2099")).close();
  }
}
