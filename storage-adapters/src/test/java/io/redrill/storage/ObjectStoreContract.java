package io.redrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every [ObjectStore] keeps. A store exists once a subclass of this passes.
///
/// The store may hold other objects: each test works under a directory of its own.
public abstract class ObjectStoreContract {

  private static final int LARGE_BYTES = 9 * 1024 * 1024 + 17;

  private final String directory = "contract-" + UUID.randomUUID();

  /// The store under test; the same one at every call within a test.
  protected abstract ObjectStore store() throws IOException;

  /// The same objects, where the store under test is a stand-in that cannot decide between writers.
  protected ObjectStore storeUnderContention() throws IOException {
    return store();
  }

  private ObjectKey key(String name) {
    return ObjectKey.of(directory + "/" + name);
  }

  private void put(ObjectKey key, byte[] bytes) throws IOException {
    store().put(key, new ByteArrayInputStream(bytes), bytes.length);
  }

  private void put(ObjectKey key, String text) throws IOException {
    put(key, text.getBytes(UTF_8));
  }

  private byte[] read(ObjectKey key) throws IOException {
    try (InputStream in = store().open(key)) {
      return in.readAllBytes();
    }
  }

  private byte[] read(ObjectKey key, long offset, long length) throws IOException {
    try (InputStream in = store().open(key, offset, length)) {
      return in.readAllBytes();
    }
  }

  private List<String> list(String prefix) throws IOException {
    try (Stream<ObjectInfo> objects = store().list(prefix)) {
      return objects.map(info -> info.key().value()).sorted().toList();
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void givesBackWhatWasPut() throws IOException {
    put(key("a"), "hello");

    assertThat(read(key("a"))).isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  void keepsEveryByteValue() throws IOException {
    byte[] bytes = random(70_001, 1);
    put(key("bytes"), bytes);

    assertThat(read(key("bytes"))).isEqualTo(bytes);
  }

  @Test
  void keepsAnEmptyObject() throws IOException {
    put(key("empty"), new byte[0]);

    assertThat(read(key("empty"))).isEmpty();
    assertThat(store().find(key("empty")).orElseThrow().sizeBytes()).isZero();
  }

  @Test
  void keepsALargeObject() throws IOException {
    byte[] bytes = random(LARGE_BYTES, 2);
    put(key("large"), bytes);

    assertThat(read(key("large"))).isEqualTo(bytes);
    assertThat(read(key("large"), LARGE_BYTES - 1000L, 1000)).endsWith(bytes[LARGE_BYTES - 1]);
  }

  @Test
  void keepsEveryLetterOfKeys() throws IOException {
    ObjectKey key = key("source=1/log/a+b@c_d-e.f/0-9.aof.zst");
    put(key, "x");

    assertThat(read(key)).isEqualTo("x".getBytes(UTF_8));
    assertThat(list(directory)).containsExactly(key.value());
  }

  @Test
  void takesExactlyTheAnnouncedBytes() throws IOException {
    InputStream source = new ByteArrayInputStream("abcdef".getBytes(UTF_8));
    store().put(key("first"), source, 3);
    store().put(key("second"), source, 3);

    assertThat(read(key("first"))).isEqualTo("abc".getBytes(UTF_8));
    assertThat(read(key("second"))).isEqualTo("def".getBytes(UTF_8));
  }

  @Test
  void storesNothingOfASourceThatEndsEarly() throws IOException {
    InputStream source = new ByteArrayInputStream("abc".getBytes(UTF_8));

    assertThatThrownBy(() -> store().put(key("short"), source, 4))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("3 of 4 bytes");
    assertThat(store().find(key("short"))).isEmpty();
    assertThat(list(directory)).isEmpty();
  }

  @Test
  void storesNothingOfASourceThatFails() throws IOException {
    IOException failure = new IOException("the source is broken");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw failure;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw failure;
          }
        };
    InputStream source =
        new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), broken);

    assertThatThrownBy(() -> store().put(key("broken"), source, 200_000)).isSameAs(failure);
    assertThat(store().find(key("broken"))).isEmpty();
    assertThat(list(directory)).isEmpty();
  }

  @Test
  void doesNotCloseTheSource() throws IOException {
    InputStream source =
        new ByteArrayInputStream(new byte[] {1}) {
          @Override
          public void close() {
            throw new AssertionError("closed by the store");
          }
        };
    store().put(key("open"), source, 1);

    assertThat(read(key("open"))).hasSize(1);
  }

  @Test
  void neverOverwrites() throws IOException {
    put(key("taken"), "first");

    assertThatThrownBy(() -> put(key("taken"), "second"))
        .isInstanceOf(ObjectExistsException.class)
        .hasMessageContaining(key("taken").value());
    assertThat(read(key("taken"))).isEqualTo("first".getBytes(UTF_8));
  }

  @Test
  void refusesEvenTheSameContentTwice() throws IOException {
    put(key("twin"), "same");

    assertThatThrownBy(() -> put(key("twin"), "same")).isInstanceOf(ObjectExistsException.class);
  }

  @Test
  void letsExactlyOneOfEightWritersWin() throws Exception {
    ObjectStore store = storeUnderContention();
    CyclicBarrier start = new CyclicBarrier(8);
    List<Future<Optional<byte[]>>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        byte[] content = random(300_000, i);
        Callable<Optional<byte[]>> writer =
            () -> {
              start.await();
              try {
                store.put(key("contested"), new ByteArrayInputStream(content), content.length);
                return Optional.of(content);
              } catch (ObjectExistsException e) {
                return Optional.empty();
              }
            };
        writers.add(threads.submit(writer));
      }
    }

    List<byte[]> winners = new ArrayList<>();
    for (Future<Optional<byte[]>> writer : writers) {
      writer.get().ifPresent(winners::add);
    }
    assertThat(winners).hasSize(1);
    assertThat(read(key("contested"))).isEqualTo(winners.getFirst());
  }

  @Test
  void opensRanges() throws IOException {
    put(key("range"), "0123456789");

    assertThat(read(key("range"), 0, 10)).isEqualTo("0123456789".getBytes(UTF_8));
    assertThat(read(key("range"), 3, 4)).isEqualTo("3456".getBytes(UTF_8));
    assertThat(read(key("range"), 9, 1)).isEqualTo("9".getBytes(UTF_8));
  }

  @Test
  void endsARangeWithTheObject() throws IOException {
    put(key("range"), "0123456789");

    assertThat(read(key("range"), 8, 100)).isEqualTo("89".getBytes(UTF_8));
    assertThat(read(key("range"), 8, Long.MAX_VALUE)).isEqualTo("89".getBytes(UTF_8));
    assertThat(read(key("range"), 10, 1)).isEmpty();
    assertThat(read(key("range"), 1000, 1)).isEmpty();
    assertThat(read(key("range"), 3, 0)).isEmpty();
  }

  @Test
  void opensNoRangeOfAnEmptyObject() throws IOException {
    put(key("empty"), "");

    assertThat(read(key("empty"), 0, 1)).isEmpty();
    assertThat(read(key("empty"), 0, 0)).isEmpty();
    assertThat(read(key("empty"), 0, Long.MAX_VALUE)).isEmpty();
    assertThat(read(key("empty"), 7, 7)).isEmpty();
  }

  @Test
  void refusesNegativeRanges() throws IOException {
    put(key("range"), "0123456789");

    assertThatThrownBy(() -> store().open(key("range"), -1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().open(key("range"), 1, -2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysThatAnObjectIsMissing() {
    assertThatThrownBy(() -> read(key("nowhere")))
        .isInstanceOf(ObjectMissingException.class)
        .hasMessageContaining(key("nowhere").value());
    assertThatThrownBy(() -> read(key("nowhere"), 5, 5)).isInstanceOf(ObjectMissingException.class);
    assertThatThrownBy(() -> read(key("nowhere"), 5, 0)).isInstanceOf(ObjectMissingException.class);
  }

  @Test
  void findsWhatIsThere() throws IOException {
    put(key("there"), "12345");

    ObjectInfo info = store().find(key("there")).orElseThrow();
    assertThat(info.key()).isEqualTo(key("there"));
    assertThat(info.sizeBytes()).isEqualTo(5);
    assertThat(info.storedAt()).isAfter("2020-01-01T00:00:00Z");
  }

  @Test
  void findsNoDirectories() throws IOException {
    put(key("a/b/c"), "x");

    assertThat(store().find(key("a"))).isEmpty();
    assertThat(store().find(key("a/b"))).isEmpty();
    assertThat(store().find(key("a/b/c/d"))).isEmpty();
    assertThat(store().find(key("a/b/c"))).isPresent();
  }

  @Test
  void listsByPrefixOfTheWholeKey() throws IOException {
    for (String name : List.of("a/1", "a/2", "ab/1", "b", "c/x/y/z")) {
      put(key(name), name);
    }

    assertThat(list(directory + "/a"))
        .containsExactly(key("a/1").value(), key("a/2").value(), key("ab/1").value());
    assertThat(list(directory + "/a/")).containsExactly(key("a/1").value(), key("a/2").value());
    assertThat(list(directory + "/a/2")).containsExactly(key("a/2").value());
    assertThat(list(directory + "/c/x/y")).containsExactly(key("c/x/y/z").value());
    assertThat(list(directory + "/")).hasSize(5);
    assertThat(list("")).contains(key("b").value());
  }

  @Test
  void listsSizesAndTimes() throws IOException {
    put(key("sized"), "123");

    try (Stream<ObjectInfo> objects = store().list(directory)) {
      assertThat(objects).containsExactly(store().find(key("sized")).orElseThrow());
    }
  }

  @Test
  void listsNothingUnderAPrefixThatNoKeyHas() throws IOException {
    put(key("a"), "x");

    for (String prefix : List.of("../", "/", "//", directory + "//", directory + "/../", "?*%")) {
      assertThat(list(prefix)).as("prefix %s", prefix).isEmpty();
    }
  }

  @Test
  void stopsAListingEarly() throws IOException {
    put(key("1"), "x");
    put(key("2"), "x");

    try (Stream<ObjectInfo> objects = store().list(directory)) {
      assertThat(objects.findFirst()).isPresent();
    }
  }

  @Test
  void namesWhatItIsAboutInEveryFailure() throws IOException {
    put(key("named"), "x");

    assertThatThrownBy(() -> put(key("named"), "y"))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.object()).isEqualTo(key("named").value()));
    assertThatThrownBy(() -> store().open(key("nowhere")))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.object()).isEqualTo(key("nowhere").value()));
  }

  @Test
  void readsManyObjectsThatAreLeftHalfRead() throws IOException {
    byte[] bytes = random(200_000, 4);
    put(key("left"), bytes);

    // More than any pool of connections holds: each must come back when its stream is closed.
    for (int i = 0; i < 100; i++) {
      try (InputStream in = store().open(key("left"))) {
        assertThat(in.readNBytes(10)).isEqualTo(Arrays.copyOf(bytes, 10));
      }
    }
  }

  @Test
  void deletesForGood() throws IOException {
    put(key("gone"), "x");
    store().delete(key("gone"));

    assertThat(store().find(key("gone"))).isEmpty();
    assertThat(list(directory)).isEmpty();
    assertThatThrownBy(() -> read(key("gone"))).isInstanceOf(ObjectMissingException.class);
  }

  @Test
  void deletesTwiceWithoutComplaint() throws IOException {
    put(key("gone"), "x");
    store().delete(key("gone"));
    store().delete(key("gone"));
    store().delete(key("never/was"));

    assertThat(store().find(key("gone"))).isEmpty();
  }

  @Test
  void deletesOneKeyOnly() throws IOException {
    put(key("a/1"), "x");
    put(key("a/10"), "x");
    store().delete(key("a"));
    store().delete(key("a/1"));

    assertThat(list(directory)).containsExactly(key("a/10").value());
  }

  @Test
  void takesAKeyAgainAfterItsDeletion() throws IOException {
    put(key("again"), "old");
    store().delete(key("again"));
    put(key("again"), "new");

    assertThat(read(key("again"))).isEqualTo("new".getBytes(UTF_8));
  }

  @Test
  void readsOnWhileOthersPut() throws Exception {
    byte[] bytes = random(LARGE_BYTES, 3);
    put(key("steady"), bytes);
    ObjectStore store = store();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> reader = threads.submit(() -> read(key("steady")));
      for (int i = 0; i < 20; i++) {
        store.put(key("other-" + i), new ByteArrayInputStream(bytes, 0, 1000), 1000);
      }
      assertThat(reader.get()).isEqualTo(bytes);
    }
    assertThat(list(directory + "/other-")).hasSize(20);
  }

  @Test
  void namesItsPlace() throws IOException {
    assertThat(store().location()).contains(":").doesNotContain("@");
  }
}
