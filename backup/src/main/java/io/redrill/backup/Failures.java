package io.redrill.backup;

import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.TlsException;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.TooNewException;
import io.redrill.rdb.TooOldException;
import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreUnreachableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Objects;

/// The one place that turns the checked failures of codecs, stores and sockets into
/// [RedrillException]s.
public final class Failures {

  private Failures() {}

  /// The failure that `cause` is to an operator. A failure that has its code already keeps it.
  ///
  /// @param context names and values in turn, put in front of what `cause` itself knows
  public static RedrillException of(Throwable cause, Object... context) {
    return switch (cause) {
      case RedrillException known -> known;
      case UncheckedIOException wrapped -> of(Objects.requireNonNull(wrapped.getCause()), context);
      case StoreException store -> store(store, context);
      case FormatException format -> format(format, context);
      case RespErrorException refusal -> refusal(refusal, context);
      case TlsException tls -> tls(tls, context);
      case ConnectException connect -> made(connect, ErrorCode.SOURCE_UNREACHABLE, context);
      case SocketTimeoutException timeout -> made(timeout, ErrorCode.SOURCE_LOST, context);
      case ClosedByInterruptException interrupted ->
          made(interrupted, ErrorCode.INTERRUPTED, context);
      case InterruptedIOException interrupted -> made(interrupted, ErrorCode.INTERRUPTED, context);
      case UnknownHostException host -> made(host, ErrorCode.SOURCE_UNREACHABLE, context);
      case SocketException socket -> made(socket, ErrorCode.SOURCE_LOST, context);
      case FileSystemException file -> file(file, context);
      // Files that end early are corrupt input: only a connection ends so.
      case EOFException end -> made(end, ErrorCode.SOURCE_LOST, context);
      case IOException io -> made(io, ErrorCode.READ_FAILED, context);
      case InterruptedException interrupted -> {
        Thread.currentThread().interrupt();
        yield made(interrupted, ErrorCode.INTERRUPTED, context);
      }
      case OutOfMemoryError memory -> made(memory, ErrorCode.DATA_TOO_LARGE, context);
      default -> made(cause, ErrorCode.INTERNAL, context);
    };
  }

  private static RedrillException refusal(RespErrorException cause, Object... context) {
    ErrorCode code =
        switch (cause.code()) {
          case "NOAUTH", "WRONGPASS", "NOPERM" -> ErrorCode.SOURCE_CREDENTIALS;
          case "LOADING", "MASTERDOWN", "NOMASTERLINK" -> ErrorCode.SOURCE_NOT_READY;
          default -> ErrorCode.SOURCE_REFUSED;
        };
    return made(cause, code, context);
  }

  private static RedrillException tls(TlsException cause, Object... context) {
    return made(
        cause,
        cause.problem() == TlsException.Problem.FILE ? ErrorCode.TLS_FILE : ErrorCode.SOURCE_TLS,
        context);
  }

  private static RedrillException store(StoreException cause, Object... context) {
    ErrorCode code =
        switch (cause) {
          case ObjectExistsException _ -> ErrorCode.OBJECT_EXISTS;
          case ObjectMissingException _ -> ErrorCode.OBJECT_MISSING;
          case StoreAccessException _ -> ErrorCode.STORE_ACCESS;
          case StoreFailureException _ -> ErrorCode.STORE_FAILED;
          case StoreUnreachableException _ -> ErrorCode.STORE_UNREACHABLE;
        };
    return RedrillException.causedBy(
        cause, code, with(context, "object", cause.object(), "problem", cause.problem()));
  }

  private static RedrillException format(FormatException cause, Object... context) {
    ErrorCode code =
        switch (cause) {
          case CorruptInputException _ -> ErrorCode.CORRUPT_DATA;
          case TooNewException _ -> ErrorCode.DATA_TOO_NEW;
          case TooOldException _ -> ErrorCode.DATA_TOO_OLD;
          case TooLargeException _ -> ErrorCode.DATA_TOO_LARGE;
        };
    Object[] where =
        with(context, "problem", cause.problem(), "file", cause.input(), "offset", cause.offset());
    return RedrillException.causedBy(
        cause, code, cause.key().map(key -> with(where, "key", key)).orElse(where));
  }

  private static RedrillException file(FileSystemException cause, Object... context) {
    return RedrillException.causedBy(
        cause,
        ErrorCode.READ_FAILED,
        with(context, "problem", words(cause), "file", String.valueOf(cause.getFile())));
  }

  private static RedrillException made(Throwable cause, ErrorCode code, Object... context) {
    return RedrillException.causedBy(cause, code, with(context, "problem", words(cause)));
  }

  /// What `cause` says, in words. The messages of the file system's exceptions are often the path
  /// alone, and what they mean stands in their names.
  public static String words(Throwable cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "there is no such file or directory";
      case FileAlreadyExistsException _ -> "a file stands there already";
      case AccessDeniedException _ -> "access was denied";
      case NotDirectoryException _ -> "it is not a directory";
      case DirectoryNotEmptyException _ -> "the directory is not empty";
      case FileSystemException other ->
          Objects.requireNonNullElse(other.getReason(), other.toString());
      default -> Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    };
  }

  private static Object[] with(Object[] context, Object... more) {
    Object[] all = Arrays.copyOf(context, context.length + more.length);
    System.arraycopy(more, 0, all, context.length, more.length);
    return all;
  }
}
