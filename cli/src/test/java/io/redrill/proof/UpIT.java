package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `redrill up` as somebody meets it who types it: what it starts, says, keeps, and refuses.
class UpIT {

  private static final Pattern UP = Pattern.compile("Ctrl-C stops it\\.");
  private static final Pattern SERVER = Pattern.compile("redis://127\\.0\\.0\\.1:([0-9]+)");
  private static final Pattern CONSOLE = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  void startsEverythingAndFindsItsDataAgain() throws Exception {
    try (RedrillProcess first = up()) {
      first.awaitResult(UP);
      assertThat(first.results())
          .contains("Redrill is up.", "server ", "console ", "repository ", "main snapshot at");
      try (RespConnection client = connect(first)) {
        client.call("SET", "kept", "over a restart");
      }
      HttpClient http = HttpClient.newHttpClient();
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(status(http, first, "/healthz")).isEqualTo(200));
      assertThat(status(http, first, "/")).isEqualTo(200);
      assertThat(status(http, first, "/metrics")).isEqualTo(200);

      first.interrupt();
      assertThat(first.awaitEnd()).as("%s", first).isZero();
      assertThat(first.messages().lines())
          .as("nothing but our own words")
          .containsExactly("stopping", "stopped; everything received is stored");
    }
    assertThat(snapshots()).isPositive();

    try (RedrillProcess second = up()) {
      second.awaitResult(UP);
      try (RespConnection client = connect(second)) {
        assertThat(client.call("GET", "kept").asText()).isEqualTo("over a restart");
      }
      second.interrupt();
      assertThat(second.awaitEnd()).as("%s", second).isZero();
    }
  }

  @Test
  void aSecondOneOnTheSameDataIsRefusedBeforeItTouchesAnything() throws Exception {
    try (RedrillProcess first = up()) {
      first.awaitResult(UP);
      try (RedrillProcess second = up()) {
        assertThat(second.awaitEnd()).as("%s", second).isEqualTo(7);
        assertThat(second.messages()).contains("E7002", "next: ", "--data");
      }
      try (RespConnection client = connect(first)) {
        assertThat(client.call("SET", "still", "here").asText()).isEqualTo("OK");
      }
    }
  }

  @Test
  void aTakenPortIsNamedWithTheOptionThatChoosesAnother() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      try (RedrillProcess server = start("up", "--port", port, "--console-port", "0")) {
        assertThat(server.awaitEnd()).as("%s", server).isEqualTo(7);
        assertThat(server.messages()).contains("E9001", "port: " + port, "--port");
      }
      try (RedrillProcess console = start("up", "--port", "0", "--console-port", port)) {
        assertThat(console.awaitEnd()).as("%s", console).isEqualTo(7);
        assertThat(console.messages()).contains("E8001", "port: " + port, "--console-port");
      }
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    try (RedrillProcess process =
        start("up", "--port", "0", "--console-port", "0", "--data", file.toString())) {
      assertThat(process.awaitEnd()).as("%s", process).isEqualTo(1);
      assertThat(process.messages())
          .contains("E7001", "directory: " + file, "--data")
          .doesNotContain("Exception");
    }
    assertThat(file).hasContent("not a directory");
  }

  private RedrillProcess up() throws IOException {
    return start("up", "--port", "0", "--console-port", "0");
  }

  private RedrillProcess start(String... arguments) throws IOException {
    return RedrillProcess.start(directory, Map.of(), arguments);
  }

  private static RespConnection connect(RedrillProcess process) throws IOException {
    return RespConnection.connect(
        "127.0.0.1", Integer.parseInt(process.awaitResult(SERVER).group(1)));
  }

  private static int status(HttpClient http, RedrillProcess process, String path)
      throws IOException, InterruptedException {
    URI console = URI.create(process.awaitResult(CONSOLE).group() + path);
    return http.send(HttpRequest.newBuilder(console).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private int snapshots() throws IOException {
    try (ObjectStore store = FilesystemStore.open(directory.resolve("redrill-data/repository"))) {
      return Repository.open(store).snapshots(SourceName.of("main")).size();
    }
  }
}
