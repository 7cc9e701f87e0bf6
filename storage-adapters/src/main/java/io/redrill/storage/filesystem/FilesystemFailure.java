package io.redrill.storage.filesystem;

import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// From what the file system said to what an operator can do about it.
///
/// Java has no type for most of these: they are told apart by the text of `strerror(3)`, in English
/// as the JVM gets it under the usual locales. Other texts are passed on as they are.
final class FilesystemFailure {

  static final String NO_HARD_LINKS =
      "the file system has no hard links, without which no object is safe from being overwritten;"
          + " move the store to another file system";

  private FilesystemFailure() {}

  /// The failure `e` as the store's own, unless it is that already or an interruption.
  static IOException of(IOException e, String object) {
    return switch (e) {
      case StoreException own -> own;
      case ClosedByInterruptException interrupted -> interrupted;
      case AccessDeniedException denied ->
          new StoreAccessException(
              "permission denied at %s; let the user that runs redrill read and write there"
                  .formatted(denied.getFile()),
              object,
              denied);
      case NoSuchFileException missing ->
          new ObjectMissingException(
              "there is no %s any more".formatted(missing.getFile()), object, missing);
      default -> failure(e, object);
    };
  }

  private static StoreException failure(IOException e, String object) {
    String reason = reason(e);
    if (reason.contains("no space left")) {
      return new StoreFailureException(
          "the disk of the store is full; free some space on it, then try again", object, e);
    }
    if (reason.contains("quota exceeded")) {
      return new StoreFailureException(
          "the disk quota is used up; raise it or free some space, then try again", object, e);
    }
    if (reason.contains("read-only file system")) {
      return new StoreFailureException(
          "the disk of the store is mounted read-only; mount it for writing", object, e);
    }
    if (reason.contains("operation not permitted")) {
      return new StoreAccessException(
          "the file system does not permit this; check the owner and the attributes of the"
              + " directory, and that the file system has hard links",
          object,
          e);
    }
    if (reason.contains("cross-device link")) {
      return new StoreFailureException(
          "the store spans two file systems; keep all of it on one", object, e);
    }
    if (reason.contains("name too long")) {
      return new StoreFailureException(
          "the key is too long for this file system; use a shorter directory", object, e);
    }
    if (reason.contains("input/output error") || reason.contains("stale file handle")) {
      return new StoreFailureException(
          "the disk of the store fails (%s); check the system log and the disk".formatted(reason),
          object,
          e);
    }
    return new StoreFailureException(
        "the file system refused: %s; see what it says of this path in the system log"
            .formatted(reason.isEmpty() ? e.getClass().getSimpleName() : reason),
        object,
        e);
  }

  private static String reason(IOException e) {
    @Nullable String text =
        e instanceof FileSystemException named ? named.getReason() : e.getMessage();
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
