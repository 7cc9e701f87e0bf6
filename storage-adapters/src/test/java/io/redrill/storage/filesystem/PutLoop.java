package io.redrill.storage.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// A process that puts objects until it has made enough or is killed: `PutLoop ROOT FIRST COUNT
/// BYTES`. Each key ends in the CRC32C of its object. A failure is printed as the simple name of
/// its class and its message.
final class PutLoop {

  private PutLoop() {}

  public static void main(String[] args) throws IOException {
    FilesystemStore store = FilesystemStore.open(Path.of(args[0]));
    int first = Integer.parseInt(args[1]);
    byte[] bytes = new byte[Integer.parseInt(args[3])];
    try {
      for (int i = first; i < first + Integer.parseInt(args[2]); i++) {
        new Random(i).nextBytes(bytes);
        ObjectKey key = ObjectKey.of("objects/%08d-%08x".formatted(i, crc32c(bytes)));
        store.put(key, new ByteArrayInputStream(bytes), bytes.length);
      }
    } catch (StoreException e) {
      System.out.writeBytes((e.getClass().getSimpleName() + ": " + e.getMessage()).getBytes(UTF_8));
    }
  }

  static int crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// This class with `arguments` in a JVM of its own, perhaps under another command such as
  /// `strace`.
  static ProcessBuilder process(List<String> under, Object... arguments) {
    String classes = location(FilesystemStore.class) + File.pathSeparator + location(PutLoop.class);
    return new ProcessBuilder(
        Stream.of(
                under.stream(),
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classes,
                    PutLoop.class.getName()),
                Stream.of(arguments).map(Object::toString))
            .flatMap(part -> part)
            .toList());
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
