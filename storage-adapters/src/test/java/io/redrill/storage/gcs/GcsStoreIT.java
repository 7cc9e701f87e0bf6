package io.redrill.storage.gcs;

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
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.GcsStub;
import io.redrill.storage.fixture.LossyProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GcsStoreIT extends ObjectStoreContract {

  private static final StoreTimeouts TIMEOUTS =
      new StoreTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(3));

  private GcsStub stub;
  private GcsStore store;

  @BeforeEach
  void start() throws IOException {
    stub = new GcsStub();
    store = open(stub.endpoint(), "tests");
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    stub.close();
  }

  private static StoreUrl.Gcs url(URI endpoint, String prefix) {
    return new StoreUrl.Gcs(GcsStub.BUCKET, prefix, Optional.of(endpoint));
  }

  private static GcsStore open(URI endpoint, String prefix) throws StoreException {
    return GcsStore.open(url(endpoint, prefix), TIMEOUTS);
  }

  @Override
  protected ObjectStore store() {
    return store;
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
    try (GcsStore one = open(stub.endpoint(), "one");
        GcsStore oneMore = open(stub.endpoint(), "one-more");
        GcsStore whole = open(stub.endpoint(), "")) {
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

    try (GcsStore paging = GcsStore.open(url(stub.endpoint(), "tests"), TIMEOUTS, 10)) {
      assertThat(list(paging, "page/"))
          .hasSize(25)
          .doesNotHaveDuplicates()
          .contains("page/00", "page/24");
    }
  }

  @Test
  void surfacesAFailureInTheMiddleOfAListing() throws IOException {
    for (int i = 0; i < 25; i++) {
      put(store, "page/%02d".formatted(i), "");
    }

    try (GcsStore paging = GcsStore.open(url(stub.endpoint(), "tests"), TIMEOUTS, 10);
        Stream<ObjectInfo> objects = paging.list("")) {
      stub.failNext(100, 503);
      assertThatThrownBy(objects::count)
          .hasCauseInstanceOf(StoreFailureException.class)
          .hasMessageContaining("fewer requests");
    }
  }

  @Test
  void triesAgainWhatFailedForAMoment() throws IOException {
    stub.failNext(1, 503);
    put(store, "a", "x");
    stub.failNext(1, 503);

    assertThat(store.open(ObjectKey.of("a"))).hasContent("x");
  }

  @Test
  void recognisesAPutWhoseAnswerWasLost() throws IOException {
    try (LossyProxy proxy = new LossyProxy(stub.port());
        GcsStore lossy = open(proxy.endpoint(), "lossy")) {
      proxy.loseAnswers(1);
      put(lossy, "lost", "stored once");

      assertThat(lossy.open(ObjectKey.of("lost"))).hasContent("stored once");
      assertThatThrownBy(() -> put(lossy, "lost", "stored once"))
          .isInstanceOf(ObjectExistsException.class);
    }
  }

  @Test
  void saysThatAReadWasCutOff() throws IOException {
    byte[] bytes = new byte[2_000_000];
    store.put(ObjectKey.of("large"), new ByteArrayInputStream(bytes), bytes.length);
    try (LossyProxy proxy = new LossyProxy(stub.port());
        GcsStore cut = open(proxy.endpoint(), "tests");
        InputStream in = cut.open(ObjectKey.of("large"))) {
      proxy.cutAnswersAfter(1_000_000);
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreUnreachableException.class);
    }
  }

  @Test
  void takesNoPieceOfABodyForTheWhole() throws IOException {
    put(store, "a", "0123456789");
    stub.shortenDownloads(4);
    try (InputStream whole = store.open(ObjectKey.of("a"));
        InputStream range = store.open(ObjectKey.of("a"), 1, 8)) {
      assertThatThrownBy(whole::readAllBytes).isInstanceOf(StoreException.class);
      assertThatThrownBy(range::readAllBytes).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void saysThatTheBucketIsMissing() throws IOException {
    StoreUrl.Gcs url = new StoreUrl.Gcs("no-such-bucket", "", Optional.of(stub.endpoint()));
    try (GcsStore nowhere = GcsStore.open(url, TIMEOUTS)) {
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
      assertThatThrownBy(() -> nowhere.delete(ObjectKey.of("a")))
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining(problem);
    }
  }

  @Test
  void isUnreachableOnceTheServerHasGone() throws IOException {
    stub.close();
    assertThatThrownBy(() -> put(store, "a", "x")).isInstanceOf(StoreUnreachableException.class);
  }
}
