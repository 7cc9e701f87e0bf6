package io.redrill.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.CannedServer;
import io.redrill.storage.fixture.RawServer;
import io.redrill.storage.fixture.SilentServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the store makes of servers that refuse, fail, or say nothing.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GcsFailureIT {

  private static final StoreTimeouts SHORT =
      new StoreTimeouts(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5));

  private static GcsStore open(URI endpoint) throws StoreException {
    return GcsStore.open(new StoreUrl.Gcs("abc", "", Optional.of(endpoint)), SHORT);
  }

  private static void put(GcsStore store) throws IOException {
    store.put(ObjectKey.of("a/b"), new ByteArrayInputStream(new byte[3]), 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | Invalid Credentials | StoreAccessException | does not accept the credentials",
        "403 | no storage.objects.create access | StoreAccessException | Storage Object Admin",
        "404 | The specified bucket does not exist. | StoreFailureException | no such bucket",
        "404 | No such object: my-bucket/a | ObjectMissingException | there is no such object",
        "308 | Resume Incomplete | StoreFailureException | status 308",
        "410 | Gone | StoreFailureException | status 410",
        "400 | Provided CRC32C does not match | StoreFailureException | status 400",
        "429 | rateLimitExceeded | StoreFailureException | fewer requests",
        "500 | Backend Error | StoreFailureException | status 500",
        "503 | Service Unavailable | StoreFailureException | fewer requests",
      })
  void namesWhatTheStoreAnswered(int status, String message, String type, String problem)
      throws IOException {
    String body = "{\"error\":{\"code\":%d,\"message\":\"%s\"}}".formatted(status, message);
    try (CannedServer server = new CannedServer(status, "application/json", body);
        GcsStore store = open(server.endpoint())) {
      StoreException e = catchThrowableOfType(StoreException.class, () -> put(store));

      assertThat(e.getClass().getSimpleName()).isEqualTo(type);
      assertThat(e).hasMessageContaining(problem);
    }
  }

  /// A web server that is no store, and says yes to everything.
  @ParameterizedTest
  @ValueSource(strings = {"", "<html><body>It works!</body></html>", "[]", "{}", "null"})
  void trustsNoAnswerThatIsNotOfCloudStorage(String body) throws IOException {
    try (CannedServer server = new CannedServer(200, "text/html", body);
        GcsStore store = open(server.endpoint())) {
      for (StoreCall call :
          List.<StoreCall>of(
              () -> put(store),
              () -> store.open(ObjectKey.of("a")),
              () -> store.find(ObjectKey.of("a")))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreFailureException.class)
            .hasMessageContaining("does not answer as Cloud Storage does");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html><body>It works!</body></html>", "[]"})
  void takesNoOtherAnswerForAListing(String body) throws IOException {
    try (CannedServer server = new CannedServer(200, "text/html", body);
        GcsStore store = open(server.endpoint())) {
      assertThatThrownBy(() -> store.list(""))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("does not answer as Cloud Storage does");
    }
  }

  @Test
  void sendsAnEmulatorNoCredentials() throws IOException {
    String answer = "HTTP/1.1 404 Not Found\nContent-Length: 0\n\n";
    try (RawServer server = new RawServer(answer, RawServer.End.CLOSE);
        GcsStore store = open(server.endpoint())) {
      assertThatThrownBy(() -> store.list("")).isInstanceOf(StoreException.class);
      assertThat(server.heads())
          .isNotEmpty()
          .noneMatch(head -> head.toLowerCase(Locale.ROOT).contains("authorization:"));
    }
  }

  private interface StoreCall {
    void run() throws IOException;
  }

  @Test
  void surfacesAnInterruption() throws Exception {
    try (SilentServer server = new SilentServer();
        GcsStore store = open(server.endpoint())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> put(store)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void isUnreachableWhereNobodyListens() throws IOException {
    try (GcsStore store = open(SilentServer.refusing())) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(StoreUnreachableException.class)
          .hasMessageContaining("check the endpoint and the network");
      assertThatThrownBy(() -> store.list("")).isInstanceOf(StoreUnreachableException.class);
      assertThatThrownBy(() -> store.find(ObjectKey.of("a")))
          .isInstanceOf(StoreUnreachableException.class);
      assertThatThrownBy(() -> store.open(ObjectKey.of("a")))
          .isInstanceOf(StoreUnreachableException.class);
      assertThatThrownBy(() -> store.delete(ObjectKey.of("a")))
          .isInstanceOf(StoreUnreachableException.class);
    }
  }

  @Test
  void isUnreachableInABlackHole() throws IOException {
    try (SilentServer server = new SilentServer();
        GcsStore store = open(server.endpoint())) {
      assertThatThrownBy(() -> put(store)).isInstanceOf(StoreUnreachableException.class);
      assertThatThrownBy(() -> store.open(ObjectKey.of("a")))
          .isInstanceOf(StoreUnreachableException.class);
    }
  }

  @Test
  void isUnreachableUnderAnUnknownName() throws IOException {
    try (GcsStore store = open(URI.create("http://store.invalid"))) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(StoreUnreachableException.class)
          .hasMessageContaining("the name of the store's host is unknown");
    }
  }
}
