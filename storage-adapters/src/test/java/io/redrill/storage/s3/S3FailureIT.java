package io.redrill.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.CannedServer;
import io.redrill.storage.fixture.S3MockServer;
import io.redrill.storage.fixture.SilentServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "403 | RequestTimeTooSkewed | StoreAccessException | the clock of this machine",
        "404 | NoSuchBucket | StoreFailureException | there is no such bucket",
        "301 | PermanentRedirect | StoreFailureException | another region",
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
      assertThat(e).hasMessageContaining(problem);
      assertThat(server.requests()).isPositive();
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
    AwsEnvironment.clear();
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.sharedCredentialsFile", "/nonexistent");
    System.setProperty("aws.configFile", "/nonexistent");
    for (String name : List.of("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE")) {
      assumeTrue(System.getenv(name) == null, name + " is set in the environment");
    }
    try (CannedServer server = new CannedServer(200, "text/plain", "");
        S3Store store = open(server.endpoint())) {
      assertThatThrownBy(() -> put(store))
          .isInstanceOf(StoreAccessException.class)
          .hasMessageContaining("set AWS_ACCESS_KEY_ID");
    } finally {
      System.clearProperty("aws.sharedCredentialsFile");
      System.clearProperty("aws.configFile");
    }
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
