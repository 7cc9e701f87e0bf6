package io.redrill.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.ObjectStoreContract;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.fixture.LossyProxy;
import io.redrill.storage.fixture.S3MockServer;
import io.redrill.storage.fixture.SerialProxy;
import io.redrill.storage.layer.Upload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3StoreIT extends ObjectStoreContract {

  private static final StoreTimeouts TIMEOUTS =
      new StoreTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(3));

  @TempDir private static Path directory;
  private static S3MockServer server;

  private String prefix;
  private S3Store store;
  private @Nullable SerialProxy proxy;
  private @Nullable S3Store contested;

  @BeforeAll
  static void start() throws IOException {
    AwsEnvironment.set();
    server = S3MockServer.start(directory);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    AwsEnvironment.clear();
  }

  @BeforeEach
  void open() throws IOException {
    prefix = "test-" + UUID.randomUUID();
    store = open(server.endpoint(), prefix);
  }

  @AfterEach
  void close() {
    store.close();
    if (contested != null) {
      contested.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  private static S3Store open(URI endpoint, String prefix) throws StoreException {
    return S3Store.open(S3MockServer.url(endpoint, S3MockServer.BUCKET, prefix), TIMEOUTS);
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected ObjectStore storeUnderContention() throws IOException {
    proxy = new SerialProxy(server.endpoint());
    contested = open(proxy.endpoint(), prefix);
    return contested;
  }

  private static void put(ObjectStore store, String key, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    store.put(ObjectKey.of(key), new ByteArrayInputStream(bytes), bytes.length);
  }

  private static List<String> list(ObjectStore store, String prefix) throws IOException {
    try (Stream<ObjectInfo> objects = store.list(prefix)) {
      return objects.map(info -> info.key().value()).sorted().toList();
    }
  }

  @Test
  void keepsToItsPrefix() throws IOException {
    try (S3Store one = open(server.endpoint(), "one");
        S3Store oneMore = open(server.endpoint(), "one-more");
        S3Store whole = open(server.endpoint(), "")) {
      put(one, "a", "x");
      put(oneMore, "a", "y");

      assertThat(list(one, "")).containsExactly("a");
      assertThat(list(whole, "one")).containsExactly("one-more/a", "one/a");
    }
  }

  @Test
  void listsMoreThanOnePage() throws IOException {
    for (int i = 0; i < 25; i++) {
      put(store, "page/%02d".formatted(i), "");
    }
    try (S3Store paging =
        S3Store.open(
            S3MockServer.url(server.endpoint(), S3MockServer.BUCKET, prefix), TIMEOUTS, 10)) {
      assertThat(list(paging, "page/"))
          .hasSize(25)
          .doesNotHaveDuplicates()
          .contains("page/00", "page/24");
      try (Stream<ObjectInfo> objects = paging.list("")) {
        assertThat(objects.limit(11)).hasSize(11);
      }
    }
  }

  @Test
  void recognisesAPutWhoseAnswerWasLost() throws IOException {
    try (LossyProxy proxy = new LossyProxy(server.port());
        S3Store lossy = open(proxy.endpoint(), "lossy-" + UUID.randomUUID())) {
      put(lossy, "first", "the connection is now open");
      proxy.loseAnswers(1);
      put(lossy, "lost", "stored once");

      assertThat(lossy.open(ObjectKey.of("lost"))).hasContent("stored once");
      assertThatThrownBy(() -> put(lossy, "lost", "stored once"))
          .isInstanceOf(ObjectExistsException.class);
    }
  }

  @Test
  void doesNotTakeAnotherWritersObjectForItsOwn() throws IOException {
    try (LossyProxy proxy = new LossyProxy(server.port());
        S3Store lossy = open(proxy.endpoint(), "lossy-" + UUID.randomUUID())) {
      put(lossy, "taken", "same text");
      proxy.loseAnswers(1);

      assertThatThrownBy(() -> put(lossy, "taken", "same text"))
          .isInstanceOf(ObjectExistsException.class);
    }
  }

  @Test
  void saysThatAReadWasCutOff() throws IOException {
    byte[] bytes = new byte[2_000_000];
    try (LossyProxy proxy = new LossyProxy(server.port());
        S3Store cut = open(proxy.endpoint(), prefix)) {
      cut.put(ObjectKey.of("large"), new ByteArrayInputStream(bytes), bytes.length);
      proxy.cutAnswersAfter(1_000_000);
      try (InputStream in = cut.open(ObjectKey.of("large"))) {
        assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreUnreachableException.class);
      }
    }
  }

  @Test
  void saysThatTheBucketIsMissing() throws IOException {
    try (S3Store nowhere =
        S3Store.open(S3MockServer.url(server.endpoint(), "no-such-bucket", ""), TIMEOUTS)) {
      String problem = "there is no such bucket";
      assertThatThrownBy(() -> nowhere.find(ObjectKey.of("a")))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining(problem);
      assertThatThrownBy(() -> nowhere.open(ObjectKey.of("a")))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining(problem);
      assertThatThrownBy(() -> list(nowhere, ""))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining(problem);
      assertThatThrownBy(() -> put(nowhere, "a", "x"))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining(problem);
    }
  }

  @Test
  void isUnreachableWhereTheServerSpeaksNoTls() throws IOException {
    URI secure = URI.create("https://127.0.0.1:" + server.port());
    try (S3Store tls = open(secure, prefix)) {
      assertThatThrownBy(() -> put(tls, "a", "x"))
          .isInstanceOf(StoreUnreachableException.class)
          .hasMessageContaining("no secure connection");
    }
  }

  @Test
  void refusesAnObjectThatIsTooLargeWithoutReadingIt() {
    InputStream unread =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("read");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            throw new AssertionError("read");
          }
        };

    assertThatThrownBy(() -> store.put(ObjectKey.of("huge"), unread, Upload.MAX_BYTES + 1L))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("configure smaller parts");
  }
}
