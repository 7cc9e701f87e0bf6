package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import io.redrill.cli.composition.BundledServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every exit status of the command line, each reached in the way in which operators reach it.
class ExitStatusIT {

  private static final int KEYS = 50;

  @TempDir private static Path shared;
  private static BundledServer server;
  private static String url = "";

  private Path home = Path.of("");

  @BeforeAll
  static void startServer() throws IOException {
    server = BundledServer.start(shared.resolve("source"), 0, Archive.context(shared));
    url = "redis://127.0.0.1:" + server.port();
    try (RespConnection client = connect(server.port())) {
      for (int key = 0; key < KEYS; key++) {
        client.call("SET", "key:" + key, "value");
      }
    }
    CommandRun backup =
        CommandRun.in(shared, "backup", url, "--name", "orders", "--repo", "file:repository");
    assertThat(backup.status()).as("%s", backup).isZero();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory(shared, "test-");
  }

  private static RespConnection connect(int port) throws IOException {
    return RespConnection.connect(ServerEndpoint.of("127.0.0.1", port));
  }

  private CommandRun redrill(String... arguments) {
    return CommandRun.in(
        home, Map.of("REDRILL_REPO", "file:" + shared.resolve("repository")), arguments);
  }

  private static void assertEnds(CommandRun run, int status, String... said) {
    assertThat(run.status()).as("%s", run).isEqualTo(status);
    for (String words : said) {
      assertThat(run.printed()).contains(words);
    }
  }

  private Path configuration(String text) throws IOException {
    return Files.writeString(home.resolve("redrill.yaml"), text);
  }

  @Test
  void zeroAllProven() throws IOException {
    assertEnds(redrill("list"), 0, "orders");
    assertEnds(redrill("restore", "latest", "--to", "x.rdb"), 0);
    assertThat(redrill("rdb", "check", "--json", "x.rdb").json().at("/keys").asInt())
        .isEqualTo(KEYS);
    assertEnds(redrill("check"), 0, "whole");
    assertEnds(redrill("drill"), 0, "passed");
    assertEnds(redrill("report", "latest"), 0, "passed");
  }

  @Test
  void oneFailure() throws IOException {
    Files.writeString(home.resolve("state"), "a file stands in the way");
    configuration(
        """
        repository: file:own
        data: state
        sources: { orders: { url: "%s" } }
        """
            .formatted(url));

    assertEnds(redrill("daemon", "-c", "redrill.yaml"), 1, "E7001", "state");
  }

  @Test
  void twoUsage() {
    assertEnds(redrill("list", "--colour"), 2, "--colour");
    assertEnds(redrill("restore", "--to", "x.rdb"), 2, "recovery point");
    assertEnds(CommandRun.in(home, "list"), 2, "--repo");
    assertEnds(redrill("backup", "redis://user:secret@localhost"), 2, "E1103");
    assertEnds(redrill("daemon", "-c", "missing.yaml"), 2, "E1201", "missing.yaml");
    assertEnds(redrill(), 2, "a command is missing");
    assertEnds(redrill("rdb"), 2, "a command is missing");
  }

  /// The target has functions switched off: its library is the part that is not restored.
  @Test
  void threePartial() throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis source = RealRedis.start(home.resolve("redis"));
        RespConnection client = source.connect();
        RealRedis target =
            RealRedis.start(home.resolve("target"), "--rename-command", "FUNCTION", "")) {
      client.call("SET", "key", "value");
      client.call(
          "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() end)");
      String repository = "file:" + home.resolve("own");
      assertEnds(redrill("backup", "redis://127.0.0.1:" + source.port(), "--repo", repository), 0);

      CommandRun restore =
          redrill(
              "restore",
              "latest",
              "--repo",
              repository,
              "--to",
              "redis://127.0.0.1:" + target.port());

      assertEnds(restore, 3, "function library");
      try (RespConnection restored = target.connect()) {
        assertThat(restored.call("GET", "key").asText()).isEqualTo("value");
      }
    }
  }

  @Test
  void fourRefusedBeforeAnyChange() throws IOException {
    Path file = Files.writeString(home.resolve("x.rdb"), "precious");
    assertEnds(redrill("restore", "latest", "--to", "x.rdb"), 4, "E5101", "x.rdb");
    assertThat(file).hasContent("precious");

    assertEnds(redrill("restore", "latest", "--to", "."), 4, "E5101");

    assertEnds(redrill("restore", "latest", "--to", url), 4, "E5102");
    try (RespConnection client = connect(server.port())) {
      assertThat(client.call("DBSIZE").asLong()).isEqualTo(KEYS);
    }

    configuration(
        """
        repository: file:own
        console: { bind: 0.0.0.0 }
        sources: { orders: { url: "%s" } }
        """
            .formatted(url));
    assertEnds(redrill("daemon", "-c", "redrill.yaml"), 4, "E8002", "0.0.0.0");
  }

  @Test
  void fiveCheckOrDrillFailed() throws IOException {
    Files.writeString(home.resolve("x.rdb"), "REDIS0011, and then nothing of the kind");
    assertEnds(redrill("rdb", "check", "x.rdb"), 5, "damaged");

    configuration(
        """
        repository: file:%s
        sources:
          orders:
            url: "%s"
            assertions: [{ command: [GET, "key:1"], equals: another }]
        """
            .formatted(shared.resolve("repository"), url));
    assertEnds(redrill("drill", "-c", "redrill.yaml"), 5, "recovered, assertion failed");
  }

  @Test
  void sixNotFound() {
    assertEnds(redrill("show", "20261124T024100.123Z-9f3c2a1b"), 6, "E5001");
    assertEnds(redrill("restore", "20261124T024100.123Z-9f3c2a1b", "--to", "x.rdb"), 6, "E5001");
    assertEnds(
        redrill("restore", "--at", "2001-01-01T00:00:00Z", "--to", "x.rdb"), 6, "E5003", "nearest");
    assertEnds(
        redrill("restore", "--at", "2999-01-01T00:00:00Z", "--to", "x.rdb"), 6, "E5003", "nearest");
    assertEnds(redrill("restore", "--offset", "999999999999", "--to", "x.rdb"), 6, "E5003");
    assertEnds(redrill("restore", "--before", "FLUSHALL", "--to", "x.rdb"), 6, "E5005");
    assertEnds(redrill("report", "20011124T0"), 6, "E6101");
    assertEnds(redrill("list", "--repo", "file:nowhere"), 6, "E3101");
    assertEnds(redrill("rdb", "check", "missing.rdb"), 6, "E4006");
    assertEnds(redrill("aof", "check", "missing"), 6, "E4006");
    assertThat(home.resolve("x.rdb")).doesNotExist();
  }

  @Test
  void sevenConflict() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertEnds(redrill("up", "--port", port, "--console-port", "0"), 7, "E9001", port);
      configuration(
          """
          repository: file:own
          console: { port: %s }
          sources: { orders: { url: "%s" } }
          """
              .formatted(port, url));
      assertEnds(redrill("daemon", "-c", "redrill.yaml"), 7, "E8001", port);
    }

    configuration(
        """
        repository: file:own
        console: { port: 0 }
        sources: { orders: { url: "%s" } }
        """
            .formatted(url));
    try (RedrillProcess first =
        RedrillProcess.start(home, Map.of(), "daemon", "-c", "redrill.yaml")) {
      first.awaitResult(Pattern.compile("console +http"));

      assertEnds(redrill("daemon", "-c", "redrill.yaml"), 7, "E7002", "redrill-data");
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void eightUnreachable() throws IOException {
    String closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = "127.0.0.1:" + socket.getLocalPort();
    }
    assertEnds(redrill("backup", "redis://" + closed, "--repo", "file:own"), 8, "E2001", closed);
    assertEnds(redrill("restore", "latest", "--to", "redis://" + closed), 8, closed);
    CommandRun store =
        CommandRun.in(
            home,
            Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret"),
            "list",
            "--repo",
            "s3://bucket?region=eu-central-1&endpoint=http://" + closed);
    assertThat(store.status()).as("%s", store).isIn(8, 9);
    assertThat(store.printed()).contains(closed);
  }

  @Test
  void nineCredentials() throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(home.resolve("redis"))) {
      try (RespConnection client = redis.connect()) {
        client.call("SET", "key", "value");
        client.call("CONFIG", "SET", "requirepass", "right");
      }
      String guarded = "redis://127.0.0.1:" + redis.port();

      assertEnds(redrill("backup", guarded, "--repo", "file:own"), 9, "E2003");
      CommandRun wrong =
          CommandRun.in(
              home,
              Map.of("REDRILL_SOURCE_PASSWORD", "wrong-and-secret"),
              "backup",
              guarded,
              "--repo",
              "file:own");
      assertEnds(wrong, 9, "E2003");
      assertThat(wrong.printed()).doesNotContain("wrong-and-secret");
      assertEnds(redrill("restore", "latest", "--to", guarded), 9, "E5111");
      CommandRun right =
          CommandRun.in(
              home,
              Map.of("REDRILL_SOURCE_PASSWORD", "right"),
              "backup",
              guarded,
              "--repo",
              "file:own");
      assertEnds(right, 0);
    }
  }

  @Test
  void tenObjectiveMissed() throws IOException {
    configuration(
        """
        repository: file:%s
        sources: { orders: { url: "%s", objectives: { rto: 1ms } } }
        """
            .formatted(shared.resolve("repository"), url));

    assertEnds(
        redrill("drill", "-c", "redrill.yaml"),
        10,
        "recovered, objective missed",
        "objective 1 ms");
  }

  /// The source answers the handshake and then sends nothing: a backup in the middle of which there
  /// is always time to press Ctrl-C.
  @Test
  void hundredAndThirtyInterrupted() throws Exception {
    try (SilentPrimary source = SilentPrimary.start();
        RedrillProcess backup =
            RedrillProcess.start(
                home,
                Map.of("REDRILL_REPO", "file:own"),
                "backup",
                "redis://127.0.0.1:" + source.port())) {
      source.awaitSnapshotBegun();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> backup.messages().contains("taking a snapshot"));

      backup.interrupt();

      assertThat(backup.awaitEnd()).as("%s", backup).isEqualTo(130);
      assertThat(backup.messages()).contains("E1001");
      assertThat(backup.results()).isEmpty();
    }
    assertEnds(CommandRun.in(home, "list", "--repo", "file:own"), 6, "E5002");
    try (Stream<Path> left = Files.walk(home.resolve("own"))) {
      assertThat(left.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactly("repository.json");
    }
  }
}
