package io.redrill.storage.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreFailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that are full, read-only, closed or lost in the middle of a write. Most of these need
/// root, and are skipped without.
class BrokenDiskIT {

  private static final int OBJECT_BYTES = 100_000;

  @TempDir private Path directory;

  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk().toString())).isZero();
    }
  }

  private Path disk() {
    return directory.resolve("disk");
  }

  /// A file system of its own with room for few objects.
  private FilesystemStore mountSmallDisk() throws Exception {
    Files.createDirectory(disk());
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk().toString()) == 0;
    assumeTrue(mounted, "mounting a small disk needs root");
    return FilesystemStore.open(disk());
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  private static void put(FilesystemStore store, String key) throws IOException {
    byte[] bytes = new byte[OBJECT_BYTES];
    new Random(key.hashCode()).nextBytes(bytes);
    store.put(ObjectKey.of(key), new ByteArrayInputStream(bytes), bytes.length);
  }

  private static List<ObjectInfo> list(FilesystemStore store) throws IOException {
    try (Stream<ObjectInfo> objects = store.list("")) {
      return objects.toList();
    }
  }

  @Test
  void saysThatTheDiskIsFullAndKeepsWhatItHas() throws Exception {
    FilesystemStore store = mountSmallDisk();

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                put(store, "object-" + i);
              }
            })
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("the disk of the store is full");
    List<ObjectInfo> kept = list(store);
    assertThat(kept).hasSizeBetween(5, 10).allMatch(info -> info.sizeBytes() == OBJECT_BYTES);
    assertThat(disk().resolve(Incoming.DIRECTORY)).isEmptyDirectory();

    store.delete(kept.getFirst().key());
    put(store, "after-some-space-was-freed");
    assertThat(store.find(ObjectKey.of("after-some-space-was-freed"))).isPresent();
  }

  @Test
  void saysThatTheDiskIsReadOnly() throws Exception {
    FilesystemStore store = mountSmallDisk();
    put(store, "before");
    assertThat(run("mount", "-o", "remount,ro", disk().toString())).isZero();

    assertThatThrownBy(() -> put(store, "after"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("mounted read-only");
    assertThatThrownBy(() -> store.delete(ObjectKey.of("before")))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("mounted read-only");
    try (InputStream in = store.open(ObjectKey.of("before"))) {
      assertThat(in.readAllBytes()).hasSize(OBJECT_BYTES);
    }
  }

  @Test
  void doesNotFillTheMountPointOfADiskThatWasUnmounted() throws Exception {
    FilesystemStore store = mountSmallDisk();
    put(store, "before");
    assertThat(run("umount", disk().toString())).isZero();
    mounted = false;

    assertThatThrownBy(() -> put(store, "after"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("check that its disk is mounted");
    assertThat(disk()).isEmptyDirectory();
  }

  @Test
  void refusesToSpanTwoDisks() throws Exception {
    mountSmallDisk();
    FilesystemStore outer = FilesystemStore.open(directory);

    assertThatThrownBy(() -> put(outer, "disk/object"))
        .isInstanceOf(StoreFailureException.class)
        .hasMessageContaining("spans two file systems");
    assertThat(disk()).isEmptyDirectory();
  }

  @Test
  void saysWhoMayNotWrite() throws Exception {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> asNobody =
        System.getProperty("user.name").equals("root")
            ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            : List.of();
    Process process =
        PutLoop.process(asNobody, closed.resolve("root"), 0, 1, 10)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(
        process.waitFor() == 0, "another user cannot run Java from this directory: " + output);

    assertThat(output)
        .startsWith("StoreAccessException: permission denied at " + closed)
        .contains("let the user that runs redrill read and write there");
  }
}
