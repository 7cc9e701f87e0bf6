package io.redrill.storage.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.ObjectStoreContract;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreFailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemStoreTest extends ObjectStoreContract {

  @TempDir private Path directory;
  private Path root;
  private FilesystemStore store;

  @BeforeEach
  void open() {
    root = directory.resolve("made/on/demand");
    store = FilesystemStore.open(root);
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
  void makesNoDirectoryUntilTheFirstPut() throws IOException {
    assertThat(store.find(ObjectKey.of("a"))).isEmpty();
    assertThat(list(store, "")).isEmpty();
    store.delete(ObjectKey.of("a"));
    assertThat(directory).isEmptyDirectory();

    put(store, "a", "x");
    assertThat(root.resolve("a")).hasContent("x");
  }

  @Test
  void leavesNoTemporaryFileBehind() throws IOException {
    put(store, "a/b", "x");
    assertThatThrownBy(() -> put(store, "a/b", "y")).isInstanceOf(ObjectExistsException.class);
    assertThatThrownBy(() -> store.put(ObjectKey.of("c"), InputStream.nullInputStream(), 1_000_000))
        .isInstanceOf(StoreFailureException.class);

    assertThat(root.resolve(Incoming.DIRECTORY)).isEmptyDirectory();
  }

  /// What a file server does that repeats a request after its answer was lost.
  @Test
  void recognisesItsOwnObjectUnderATakenKey() throws IOException {
    put(store, "before", "x");
    InputStream source =
        new ByteArrayInputStream("whole".getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            try (Stream<Path> incoming = Files.list(root.resolve(Incoming.DIRECTORY))) {
              Files.createLink(root.resolve("lost"), incoming.findFirst().orElseThrow());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return super.read(target, offset, length);
          }
        };
    store.put(ObjectKey.of("lost"), source, 5);

    assertThat(store.open(ObjectKey.of("lost"))).hasContent("whole");
    assertThat(root.resolve(Incoming.DIRECTORY)).isEmptyDirectory();
  }

  @Test
  void takesNoPieceOfAFileForTheWhole() throws IOException {
    put(store, "cut", "0123456789");
    try (InputStream whole = store.open(ObjectKey.of("cut"));
        InputStream range = store.open(ObjectKey.of("cut"), 4, 4)) {
      Files.writeString(root.resolve("cut"), "01234");

      assertThatThrownBy(whole::readAllBytes)
          .isInstanceOf(StoreFailureException.class)
          .hasMessageContaining("ended 5 bytes early");
      assertThatThrownBy(range::readAllBytes).isInstanceOf(StoreFailureException.class);
    }
  }

  @Test
  void removesWhatACrashLeftBehindOnceItIsOld() throws IOException {
    Path incoming = Files.createDirectories(root.resolve(Incoming.DIRECTORY));
    Path old = Files.writeString(incoming.resolve("old"), "half an obj");
    Path fresh = Files.writeString(incoming.resolve("fresh"), "half an obj");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    put(store, "a", "x");
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(list(store, "")).containsExactly("a");
  }

  @Test
  void followsNoSymbolicLinkToAnObject() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "not yours");
    put(store, "a", "x");
    Files.createSymbolicLink(root.resolve("link"), secret);

    assertThatThrownBy(() -> store.open(ObjectKey.of("link")))
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("symbolic link");
    assertThat(list(store, "")).containsExactly("a");
  }

  @Test
  void followsNoSymbolicLinkToADirectory() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("a"), "not yours");
    put(store, "b", "x");
    Files.createSymbolicLink(root.resolve("link"), outside);

    assertThatThrownBy(() -> store.find(ObjectKey.of("link/a")))
        .isInstanceOf(StoreAccessException.class);
    assertThatThrownBy(() -> put(store, "link/b", "x")).isInstanceOf(StoreAccessException.class);
    assertThatThrownBy(() -> store.delete(ObjectKey.of("link/a")))
        .isInstanceOf(StoreAccessException.class);
    assertThatThrownBy(() -> list(store, "link/")).isInstanceOf(StoreAccessException.class);
    assertThat(list(store, "")).containsExactly("b");
    assertThat(outside).isDirectoryContaining("glob:**/a");
  }

  @Test
  void mayItselfBeBehindASymbolicLink() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real"));
    ObjectStore linked =
        FilesystemStore.open(Files.createSymbolicLink(directory.resolve("link"), real));
    put(linked, "a", "x");

    assertThat(list(linked, "")).containsExactly("a");
    assertThat(real.resolve("a")).hasContent("x");
  }

  @Test
  void noticesThatItsDirectoryHasGone() throws IOException {
    put(store, "a", "x");
    Files.move(root, directory.resolve("unmounted"));

    assertThatThrownBy(() -> put(store, "b", "x"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("check that its disk is mounted");
    Files.createDirectory(root);
    assertThatThrownBy(() -> put(store, "b", "x")).isInstanceOf(StoreFailureException.class);
    assertThatThrownBy(() -> list(store, "")).isInstanceOf(StoreFailureException.class);
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void refusesARootThatIsAFile() throws IOException {
    ObjectStore file = FilesystemStore.open(Files.writeString(directory.resolve("file"), "x"));

    assertThatThrownBy(() -> put(file, "a", "x"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("must be a directory");
    assertThatThrownBy(() -> list(file, "")).isInstanceOf(StoreFailureException.class);
  }

  @Test
  void keepsObjectsAndDirectoriesApart() throws IOException {
    put(store, "a/b", "x");

    assertThatThrownBy(() -> put(store, "a", "x"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("directory of other objects");
    assertThatThrownBy(() -> put(store, "a/b/c", "x"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("stands where the store needs a directory");
    assertThat(list(store, "")).containsExactly("a/b");
  }

  @Test
  void passesOverFilesThatAreNoObjects() throws IOException {
    put(store, "a", "x");
    Files.writeString(root.resolve("with blank"), "x");
    Files.createDirectories(root.resolve("lost+found"));
    Files.writeString(root.resolve("lost+found/4711"), "x");

    assertThat(list(store, "")).containsExactly("a");
  }

  @Test
  void refusesNamesThatTheFileSystemCannotHold() {
    assertThatThrownBy(() -> put(store, "n".repeat(256), "x"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("too long");
  }
}
