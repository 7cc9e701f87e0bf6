package io.redrill.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.CannedServer;
import io.redrill.storage.fixture.RawServer;
import io.redrill.storage.fixture.S3MockServer;
import io.redrill.storage.fixture.SilentServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the store makes of servers that refuse, fail, or say nothing.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3FailureIT {

  private static final StoreTimeouts SHORT =
      new StoreTimeouts(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5));

  @BeforeEach
  void setCredentials() {
    AwsEnvironment.set();
  }

  @AfterEach
  void clearCredentials() {
    AwsEnvironment.clear();
  }

  private static S3Store open(URI endpoint) throws StoreException {
    return S3Store.open(S3MockServer.url(endpoint, "abc", ""), SHORT);
  }

  private static void put(S3Store store) throws IOException {
    store.put(ObjectKey.of("a/b"), new ByteArrayInputStream(new byte[3]), 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | AccessDenied | StoreAccessException | grant s3:GetObject",
        "403 | InvalidAccessKeyId | StoreAccessException | renew them",
        "403 | SignatureDoesNotMatch | StoreAccessException | renew them",
        "400 | ExpiredToken | StoreAccessException | renew them",
        "400 | InvalidToken | StoreAccessException | renew them",
        "403 | RequestTimeTooSkewed | StoreAccessException | the clock of this machine",
        "404 | NoSuchBucket | StoreFailureException | there is no such bucket",
        "301 | PermanentRedirect | StoreFailureException | another region",
        "307 | TemporaryRedirect | StoreFailureException | another region",
        "400 | AuthorizationHeaderMalformed | StoreFailureException | another region",
        "302 | Found | StoreFailureException | the endpoint sends requests elsewhere",
        "308 | '' | StoreFailureException | perhaps from http to https",
        "400 | XAmzContentSHA256Mismatch | StoreFailureException | checksum=when-required",
        "400 | InvalidRequest | StoreFailureException | status 400 InvalidRequest",
        "500 | InternalError | StoreFailureException | status 500 InternalError",
        "501 | NotImplemented | StoreFailureException | checksum=when-required",
        "503 | SlowDown | StoreFailureException | fewer requests",
        "507 | InsufficientStorage | StoreFailureException | the store is full",
      })
  void namesWhatTheStoreAnswered(int status, String code, String type, String problem)
      throws IOException {
    String body = "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code);
    try (CannedServer server = new CannedServer(status, "application/xml", body);
        S3Store store = open(server.endpoint())) {
      StoreException e = catchThrowableOfType(StoreException.class, () -> put(store));

      assertThat(e.getClass().getSimpleName()).isEqualTo(type);
      assertThat(e).hasMessageContaining(problem).hasMessageNotContaining("redrill-test");
      assertThat(e.object()).isIn("a/b", store.location());
      assertThat(server.requests()).isPositive();
    }
  }

  @Test
  void namesTheRegionThatTheStoreNames() throws IOException {
    String answer = "HTTP/1.1 301 Moved\nx-amz-bucket-region: eu-north-1\nContent-Length: 0\n\n";
    try (RawServer server = new RawServer(answer, RawServer.End.CLOSE);
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(() -> store.find(ObjectKey.of("a")))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("write ?region=eu-north-1 in the URL");
    }
  }

  /// A web server that is no store, and says yes to everything.
  @ParameterizedTest
  @ValueSource(strings = {"", "<html><body>It works!</body></html>", "<a/>", "not even XML"})
  void trustsNoAnswerThatIsNotOfS3(String body) throws IOException {
    try (CannedServer server = new CannedServer(200, "text/html", body);
        S3Store store = open(server.endpoint())) {
      for (StoreCall call :
          List.<StoreCall>of(
              () -> put(store),
              () -> store.open(ObjectKey.of("a")),
              () -> store.find(ObjectKey.of("a")),
              () -> store.list(""))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreFailureException.class)
            .hasMessageContaining("does not answer as an S3 store does");
      }
    }
  }

  private interface StoreCall {
    void run() throws IOException;
  }

  @Test
  void doesNotListForEver() throws IOException {
    String page =
        """
        <ListBucketResult><Name>abc</Name><IsTruncated>true</IsTruncated>\
        <NextContinuationToken>same</NextContinuationToken></ListBucketResult>\
        """;
    try (CannedServer server = new CannedServer(200, "application/xml", page);
        S3Store store = open(server.endpoint());
        Stream<ObjectInfo> objects = store.list("")) {
      assertThatThrownBy(objects::count).hasCauseInstanceOf(StoreFailureException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Length: 10 | 01234 | CLOSE",
        "Content-Length: 10 | 01234 | RESET",
        "Content-Length: 10 | '' | CLOSE",
        "Content-Length: 10 | '' | RESET",
        "X-No-Length: 1 | 01234 | CLOSE",
        "Transfer-Encoding: chunked | 01234 | CLOSE",
      })
  void takesNoPieceOfABodyForTheWhole(String length, String body, RawServer.End end)
      throws IOException {
    String answer = "HTTP/1.1 200 OK\nETag: \"x\"\n%s\n\n%s".formatted(length, body);
    try (RawServer server = new RawServer(answer, end);
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(
              () -> {
                try (InputStream in = store.open(ObjectKey.of("a"))) {
                  in.readAllBytes();
                }
              })
          .isInstanceOfAny(StoreUnreachableException.class, StoreFailureException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | X-No-Range: 1",
        "206 | Content-Range: bytes 0-9/20",
        "206 | Content-Range: bytes 3-12/14",
        "206 | Content-Range: bytes 3-9/20",
        "206 | Content-Range: bytes 3-/20",
        "206 | Content-Range: bytes 3-99999999999999999999/20",
      })
  void takesNoOtherRangeForTheOneItAskedFor(int status, String range) throws IOException {
    String answer =
        "HTTP/1.1 %d OK\nETag: \"x\"\nContent-Length: 10\n%s\n\n0123456789"
            .formatted(status, range);
    try (RawServer server = new RawServer(answer, RawServer.End.CLOSE);
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(() -> store.open(ObjectKey.of("a"), 3, 17))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("does not answer as an S3 store does");
    }
  }

  @Test
  void takesTheRangeItAskedFor() throws IOException {
    String answer =
        "HTTP/1.1 206 OK\nETag: \"x\"\nContent-Length: 10\nContent-Range: bytes 3-12/13\n\n0123456789";
    try (RawServer server = new RawServer(answer, RawServer.End.CLOSE);
        S3Store store = open(server.endpoint());
        InputStream in = store.open(ObjectKey.of("a"), 3, 17)) {
      assertThat(in).hasContent("0123456789");
    }
  }

  @Test
  void saysThatABodyIsNotTheOneThatWasStored() throws IOException {
    String answer =
        "HTTP/1.1 200 OK\nETag: \"x\"\nContent-Length: 10\nx-amz-checksum-crc32: AAAAAA==\n\n0123456789";
    try (RawServer server = new RawServer(answer, RawServer.End.CLOSE);
        S3Store store = open(server.endpoint());
        InputStream in = store.open(ObjectKey.of("a"))) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("does not match the checksum");
    }
  }

  @Test
  void surfacesAnInterruption() throws Exception {
    try (SilentServer server = new SilentServer();
        S3Store store = open(server.endpoint())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> put(store)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void isUnreachableWhereNobodyListens() throws IOException {
    try (S3Store store = open(SilentServer.refusing())) {
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
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(() -> put(store)).isInstanceOf(StoreUnreachableException.class);
      assertThatThrownBy(() -> store.open(ObjectKey.of("a")))
          .isInstanceOf(StoreUnreachableException.class);
    }
  }

  @Test
  void isUnreachableUnderAnUnknownName() throws IOException {
    try (S3Store store = open(URI.create("http://store.invalid"))) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(StoreUnreachableException.class)
          .hasMessageContaining("the name of the store's host is unknown");
    }
  }

  @Test
  void asksForCredentialsWhereThereAreNone() throws IOException {
    AwsEnvironment.setNone();
    for (String name : List.of("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE")) {
      assumeTrue(System.getenv(name) == null, name + " is set in the environment");
    }
    try (CannedServer server = new CannedServer(200, "text/plain", "");
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(StoreAccessException.class)
          .hasMessageContaining("set AWS_ACCESS_KEY_ID");
    }
  }

  @Test
  void saysThatAProfileFileIsMalformed(@TempDir Path directory) throws IOException {
    AwsEnvironment.useProfile(
        "backups", Files.writeString(directory.resolve("credentials"), "hunter2\n[backups\n"));

    assertThatThrownBy(
            () -> {
              try (S3Store store = open(SilentServer.refusing())) {
                put(store);
              }
            })
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("a profile file of AWS is malformed")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void asksForARegionWhereThereIsNone() {
    assumeTrue(
        System.getenv("AWS_REGION") == null && System.getenv("AWS_DEFAULT_REGION") == null,
        "a region is set in the environment");

    assertThatThrownBy(() -> S3Store.open(StoreUrl.S3.ofBucket("abc")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("set AWS_REGION");
  }
}
