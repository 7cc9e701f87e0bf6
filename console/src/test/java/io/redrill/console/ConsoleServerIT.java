package io.redrill.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerIT {

  private final HttpClient client = HttpClient.newHttpClient();
  private Status status = StatusSamples.well();
  private ConsoleServer server;

  private final ConsoleModel model =
      new ConsoleModel() {
        @Override
        public Status status() {
          return status;
        }

        @Override
        public String metrics() {
          return "redrill_up 1\n";
        }

        @Override
        public Optional<String> drillPage(String id) {
          if (id.equals("broken")) {
            throw new RedrillException(ErrorCode.STORE_UNREACHABLE, "bucket", "private-name");
          }
          return id.equals("20261124T013012Z-0a1b2c3d")
              ? Optional.of("<!doctype html><p>report")
              : Optional.empty();
        }
      };

  @BeforeEach
  void start() {
    server = ConsoleServer.start(model, "127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void thePageComesWithItsStyleAndAStrictPolicy() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("All well");
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    assertThat(get("/console.css").body()).contains("prefers-color-scheme: dark");
  }

  @Test
  void healthSaysWhy() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);

    status = StatusSamples.trouble();
    HttpResponse<String> sick = get("/healthz");

    JsonNode json = new ObjectMapper().readTree(sick.body());
    assertThat(sick.statusCode()).isEqualTo(503);
    assertThat(json.get("healthy").asBoolean()).isFalse();
    assertThat(json.get("problems")).hasSize(4);
  }

  @Test
  void theStatusIsJson() throws Exception {
    status = StatusSamples.trouble();
    JsonNode json = new ObjectMapper().readTree(get("/api/status").body());

    assertThat(json.at("/sources/0/archive/state").asText()).isEqualTo("failing");
    assertThat(json.at("/sources/0/window")).hasSize(3);
    assertThat(json.at("/sources/0/recoveryPointAgeMillis").asLong()).isEqualTo(10_800_000);
    assertThat(json.at("/runs/1/error/code").asText()).isEqualTo("E5108");
    assertThat(json.at("/drills/0/verdict").asText()).isEqualTo("NOT_RECOVERED");
    assertThat(json.at("/nextFirings/0/job").asText()).isEqualTo("snapshot");
  }

  @Test
  void metricsAreText() throws Exception {
    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.body()).isEqualTo("redrill_up 1\n");
    assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
  }

  @Test
  void aReportIsShownInASandbox() throws Exception {
    HttpResponse<String> report = get("/drills/20261124T013012Z-0a1b2c3d");

    assertThat(report.body()).contains("report");
    assertThat(report.headers().allValues("content-security-policy"))
        .singleElement()
        .asString()
        .contains("sandbox");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/drills/unknown",
        "/drills/..%2f..%2fetc%2fpasswd",
        "/drills/%2e%2e",
        "/drills/a/b",
        "/page/console.css",
        "/console.css/../../ConsoleServer.class"
      })
  void whatIsNotThereIsNotFound(String path) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isIn(400, 404);
    assertThat(response.body()).doesNotContain("root:");
  }

  @Test
  void aFailureTellsTheReaderNothingPrivate() throws Exception {
    HttpResponse<String> response = get("/drills/broken");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("private-name").doesNotContain("Exception");
    assertThat(response.headers().firstValue("content-security-policy")).isPresent();
  }

  @Test
  void onlyReadingIsAllowed() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/healthz")).DELETE().build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(405);
  }

  @Test
  void aForeignHostNameIsRefused() throws Exception {
    assertThat(statusLine("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
    assertThat(statusLine("GET / HTTP/1.1\r\nHost: localhost:8379\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  /// The server answers 4xx or hangs up while the rest of the request is still on its way.
  @ParameterizedTest
  @ValueSource(strings = {"GET /%s HTTP/1.1\r\n", "GET / HTTP/1.1\r\nX: %s\r\n"})
  void anEndlessRequestIsCutOff(String request) throws Exception {
    String head = request.formatted("a".repeat(100_000)) + "Host: localhost\r\n\r\n";

    assertThat(statusLine(head)).doesNotStartWith("HTTP/1.1 2");
  }

  private String statusLine(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void aTakenPortIsSaidSo() {
    RedrillException e =
        catchThrowableOfType(
            RedrillException.class, () -> ConsoleServer.start(model, "127.0.0.1", server.port()));

    assertThat(e.code()).isEqualTo(ErrorCode.CONSOLE_PORT_TAKEN);
    assertThat(e.context()).containsEntry("port", String.valueOf(server.port()));
  }

  @Test
  void anAddressThatOthersReachIsRefused() {
    RedrillException e =
        catchThrowableOfType(
            RedrillException.class, () -> ConsoleServer.start(model, "0.0.0.0", 0));

    assertThat(e.code()).isEqualTo(ErrorCode.CONSOLE_NOT_LOOPBACK);
  }
}
