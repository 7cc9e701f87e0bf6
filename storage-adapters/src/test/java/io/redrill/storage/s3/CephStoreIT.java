package io.redrill.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.ObjectStoreContract;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.RadosGateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// The whole contract against a real store, which checks signatures and permissions and decides
/// between writers by itself.
class CephStoreIT extends ObjectStoreContract {

  private static final StoreTimeouts TIMEOUTS =
      new StoreTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(3));

  private static final ObjectKey KEY = ObjectKey.of("a/b");

  @TempDir private static Path directory;
  private static RadosGateway gateway;

  private String prefix;
  private S3Store store;

  @BeforeAll
  static void start() throws IOException {
    gateway = RadosGateway.start(directory);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    prefix = "test-" + UUID.randomUUID();
    store = openAs(RadosGateway.USER.accessKey(), RadosGateway.USER.secretKey());
  }

  @AfterEach
  void close() {
    store.close();
    AwsEnvironment.clear();
  }

  private S3Store openAs(String accessKey, String secretKey) throws StoreException {
    AwsEnvironment.set(accessKey, secretKey);
    return S3Store.open(gateway.url(RadosGateway.BUCKET, prefix), TIMEOUTS);
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  private static void put(ObjectStore store, ObjectKey key, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    store.put(key, new ByteArrayInputStream(bytes), bytes.length);
  }

  private static List<String> list(ObjectStore store, String prefix) throws IOException {
    try (Stream<ObjectInfo> objects = store.list(prefix)) {
      return objects.map(info -> info.key().value()).sorted().toList();
    }
  }

  private static void assertEveryCallRefused(ObjectStore store, String problem) {
    for (StoreCall call :
        List.<StoreCall>of(
            () -> put(store, KEY, "x"),
            () -> store.open(KEY),
            () -> store.open(KEY, 0, 1),
            () -> store.find(KEY),
            () -> store.list(""),
            () -> store.delete(KEY))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(StoreAccessException.class)
          .hasMessageContaining(problem)
          .hasMessageNotContaining("secret");
    }
  }

  private interface StoreCall {
    void run() throws IOException;
  }

  @Test
  void refusesAWrongSecret() throws IOException {
    try (S3Store store = openAs(RadosGateway.USER.accessKey(), "a-wrong-secret")) {
      assertEveryCallRefused(store, "SignatureDoesNotMatch");
    }
  }

  @Test
  void refusesAnUnknownAccessKey() throws IOException {
    try (S3Store store = openAs("NOBODY", RadosGateway.USER.secretKey())) {
      assertEveryCallRefused(store, "InvalidAccessKeyId");
    }
  }

  @Test
  void refusesAUserWithoutPermission() throws IOException {
    RadosGateway.Account stranger = RadosGateway.STRANGER;
    try (S3Store store = openAs(stranger.accessKey(), stranger.secretKey())) {
      assertEveryCallRefused(store, "grant s3:GetObject");
    }
  }

  @Test
  void takesCredentialsOfAProfile() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("credentials"),
            "[backups]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                .formatted(RadosGateway.USER.accessKey(), RadosGateway.USER.secretKey()));
    AwsEnvironment.useProfile("backups", file);
    try (S3Store store = S3Store.open(gateway.url(RadosGateway.BUCKET, prefix), TIMEOUTS)) {
      put(store, KEY, "x");
      assertThat(store.open(KEY)).hasContent("x");
    }
  }

  @Test
  void refusesUnsignedRequests() throws Exception {
    put(store, KEY, "x");
    URI object =
        gateway.endpoint().resolve("/%s/%s/%s".formatted(RadosGateway.BUCKET, prefix, KEY.value()));
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (HttpRequest.Builder request :
          List.of(
              HttpRequest.newBuilder(object).GET(),
              HttpRequest.newBuilder(object).DELETE(),
              HttpRequest.newBuilder(object).PUT(HttpRequest.BodyPublishers.ofString("y")))) {
        HttpResponse<String> answer =
            client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
      }
    }
    assertThat(store.open(KEY)).hasContent("x");
  }

  @Test
  void saysThatTheBucketIsMissing() throws IOException {
    try (S3Store nowhere = S3Store.open(gateway.url("no-such-bucket", prefix), TIMEOUTS)) {
      for (StoreCall call :
          List.<StoreCall>of(
              () -> put(nowhere, KEY, "x"),
              () -> nowhere.open(KEY),
              () -> nowhere.find(KEY),
              () -> nowhere.list(""),
              () -> nowhere.delete(KEY))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreFailureException.class)
            .hasMessageContaining("there is no such bucket");
      }
    }
  }

  @Test
  void namesTheChecksumModeThatThisStoreNeeds() throws IOException {
    StoreUrl.S3 url = gateway.url(RadosGateway.BUCKET, prefix);
    StoreUrl.S3 trailing =
        new StoreUrl.S3(
            url.bucket(),
            url.prefix(),
            url.region(),
            url.endpoint(),
            url.pathStyle(),
            StoreUrl.ChecksumMode.WHEN_SUPPORTED);
    try (S3Store store = S3Store.open(trailing, TIMEOUTS)) {
      assertThatThrownBy(() -> put(store, KEY, "x"))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("checksum=when-required");
    }
    assertThat(store.find(KEY)).isEmpty();
  }

  /// Each writer is a process of its own as far as the store can see.
  @Test
  void letsExactlyOneOfTwoWritersWinEveryTime() throws Exception {
    try (S3Store other = S3Store.open(gateway.url(RadosGateway.BUCKET, prefix), TIMEOUTS);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 50; round++) {
        ObjectKey key = ObjectKey.of("round/" + round);
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Boolean>> writers = new ArrayList<>();
        for (S3Store writer : List.of(store, other)) {
          writers.add(
              threads.submit(() -> {
                start.await();
                try {
                  put(writer, key, writer == store ? "one" : "other");
                  return true;
                } catch (ObjectExistsException e) {
                  return false;
                }
              }));
        }
        boolean oneWon = writers.getFirst().get();
        assertThat(writers.getLast().get()).as("round %d", round).isNotEqualTo(oneWon);
        assertThat(store.open(key)).hasContent(oneWon ? "one" : "other");
      }
    }
  }

  @Test
  void listsMoreThanAThousandObjects() throws Exception {
    List<Future<?>> puts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 1_100; i++) {
        ObjectKey key = ObjectKey.of("many/%04d".formatted(i));
        puts.add(
            threads.submit(() -> {
              put(store, key, "");
              return key;
            }));
      }
    }
    for (Future<?> put : puts) {
      put.get();
    }

    assertThat(list(store, "many/"))
        .hasSize(1_100)
        .doesNotHaveDuplicates()
        .contains("many/0000", "many/1000", "many/1099");
  }

  @Test
  void passesOverNamesThatAreNoKeys() throws IOException {
    put(store, KEY, "x");
    try (S3Client client = gateway.client(RadosGateway.USER)) {
      for (String name :
          List.of("with blank", "ümlaut", "a//b", "../up", "a%2Fb", "a+b\u0001", "<&>\"'", "?#")) {
        client.putObject(
            request -> request.bucket(RadosGateway.BUCKET).key(prefix + "/" + name),
            RequestBody.fromString("not ours"));
      }
    }

    assertThat(list(store, "")).containsExactly(KEY.value());
  }
}
