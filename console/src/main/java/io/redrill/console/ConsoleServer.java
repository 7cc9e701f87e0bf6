package io.redrill.console;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.console.api.StatusJson;
import io.redrill.console.page.StatusPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The console's HTTP server.
///
/// | path | answer |
/// |---|---|
/// | `/` | the page |
/// | `/drills/ID` | the report of a drill |
/// | `/api/status` | what the page shows, as JSON |
/// | `/healthz` | 200, or 503 with the reasons, as JSON |
/// | `/metrics` | Prometheus text |
///
/// It has no sign-in, so it listens on the loopback interface only, and answers only requests that
/// were made to it under a loopback name: a page of the web that has its own name resolve to
/// 127.0.0.1 learns nothing. It only reads; every method but GET and HEAD is refused.
public final class ConsoleServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /// A report carries its style inside, so that it can be kept as one file; it has no script.
  private static final String REPORT_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; sandbox";

  private static final List<Header> ALWAYS =
      List.of(
          HeaderValues.create("X-Content-Type-Options", "nosniff"),
          HeaderValues.create("Referrer-Policy", "no-referrer"),
          HeaderValues.create("Cross-Origin-Resource-Policy", "same-origin"),
          HeaderValues.create("Cross-Origin-Opener-Policy", "same-origin"),
          HeaderValues.create("Cache-Control", "no-store"));

  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");
  private static final Pattern DRILL_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");

  private final ConsoleModel model;
  private final byte[] stylesheet;
  private final String host;
  private final WebServer server;

  private ConsoleServer(ConsoleModel model, String bind, int port) {
    this.model = model;
    this.host = bind;
    this.stylesheet = resource("page/console.css");
    this.server =
        WebServer.builder()
            .host(bind)
            .port(port)
            .featuresDiscoverServices(false)
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .maxTcpConnections(128)
            .maxConcurrentRequests(32)
            .maxPayloadSize(0)
            .idleConnectionTimeout(Duration.ofSeconds(30))
            .idleConnectionPeriod(Duration.ofSeconds(10))
            .connectionOptions(options -> options.readTimeout(Duration.ofSeconds(30)))
            .addProtocol(
                Http1Config.builder().maxPrologueLength(2048).maxHeadersSize(16_384).build())
            .routing(this::route)
            .build();
  }

  /// Starts to listen.
  ///
  /// @param bind a name or address of the loopback interface
  /// @param port 0 for any free one
  /// @throws RedrillException if the address is not a loopback one, or the port is taken
  public static ConsoleServer start(ConsoleModel model, String bind, int port) {
    if (!isLoopback(bind)) {
      throw new RedrillException(ErrorCode.CONSOLE_NOT_LOOPBACK, "bind", bind);
    }
    probe(bind, port);
    ConsoleServer console = new ConsoleServer(model, bind, port);
    console.server.start();
    if (!console.server.isRunning()) {
      throw new RedrillException(ErrorCode.CONSOLE_PORT_TAKEN, "bind", bind, "port", port);
    }
    return console;
  }

  private static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.CONSOLE_NOT_LOOPBACK, "bind", bind, "problem", "no such name");
    }
  }

  /// Helidon logs a port that it cannot have with a stack trace, and does not throw. So it is asked
  /// for one that was free a moment ago.
  private static void probe(String bind, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(bind, port));
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e,
          ErrorCode.CONSOLE_PORT_TAKEN,
          "bind",
          bind,
          "port",
          port,
          "problem",
          Failures.words(e));
    }
  }

  /// The port that it listens on.
  public int port() {
    return server.port();
  }

  /// Where a browser finds it.
  public String url() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /// Stops listening, and lets requests that are being answered end within two seconds.
  @Override
  public void close() {
    server.stop();
  }

  private void route(HttpRouting.Builder routing) {
    routing
        .any(ConsoleServer::guard)
        .get("/", (request, response) -> page(response))
        .get("/console.css", (request, response) -> send(response, 200, "text/css", stylesheet))
        .get("/api/status", (request, response) -> json(response, 200, status()))
        .get("/healthz", (request, response) -> health(response))
        .get("/metrics", (request, response) -> metrics(response))
        .get("/drills/{id}", this::drill)
        .any((request, response) -> missing(response))
        .error(Exception.class, ConsoleServer::failed);
  }

  /// What holds for every answer, and who gets none.
  private static void guard(ServerRequest request, ServerResponse response) {
    ALWAYS.forEach(response::header);
    response.header("Content-Security-Policy", PAGE_POLICY);
    String method = request.prologue().method().text();
    String host = request.headers().first(HeaderNames.HOST).orElse("");
    if (!LOOPBACK_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
      text(response, 421, "This console answers only under a loopback name, such as localhost.");
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      response.header("Allow", "GET, HEAD");
      text(response, 405, "This console only shows; it changes nothing.");
    } else {
      response.next();
    }
  }

  private void page(ServerResponse response) {
    html(response, new StatusPage(model.status()).write());
  }

  private String status() {
    return StatusJson.status(model.status());
  }

  private void health(ServerResponse response) {
    Status status = model.status();
    json(response, Health.of(status).healthy() ? 200 : 503, StatusJson.healthz(status));
  }

  private void metrics(ServerResponse response) {
    send(
        response,
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        model.metrics().getBytes(StandardCharsets.UTF_8));
  }

  private void drill(ServerRequest request, ServerResponse response) {
    String id = request.path().pathParameters().get("id");
    if (!DRILL_ID.matcher(id).matches()) {
      missing(response);
      return;
    }
    model
        .drillPage(id)
        .ifPresentOrElse(
            page -> {
              response.header("Content-Security-Policy", REPORT_POLICY);
              html(response, page);
            },
            () -> missing(response));
  }

  private static void missing(ServerResponse response) {
    text(response, 404, "There is nothing here. The console is at /.");
  }

  /// The reason goes to the log and not to the reader: it may hold more than a reader should know.
  private static void failed(ServerRequest request, ServerResponse response, Exception cause) {
    LOG.error("the console could not answer {}", request.path().rawPath(), cause);
    text(response, 500, "The console could not answer; the log of the daemon says why.");
  }

  private static void html(ServerResponse response, String page) {
    send(response, 200, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
  }

  private static void json(ServerResponse response, int code, String json) {
    send(response, code, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static void text(ServerResponse response, int code, String text) {
    send(response, code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(ServerResponse response, int code, String type, byte[] body) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, type));
    response.status(code).send(body);
  }

  private static byte[] resource(String name) {
    try (InputStream in = ConsoleServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("a part of the console is missing: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
