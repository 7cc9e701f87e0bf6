package io.redrill.storage.gcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.cloud.BaseServiceException;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.StoreUrl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// From what the library throws to what an operator can do about it.
final class GcsFailure {

  private GcsFailure() {}

  /// The failure `e` as the store's own, about `object`.
  static IOException of(Exception e, String object, StoreUrl.Gcs url) {
    if (e instanceof StoreException own) {
      return own;
    }
    if (e instanceof ClosedByInterruptException interrupted) {
      return interrupted;
    }
    if (Thread.currentThread().isInterrupted()
        || cause(e, InterruptedException.class).isPresent()) {
      return interrupted(e);
    }
    return cause(e, BaseServiceException.class)
        .filter(answer -> answer.getCode() >= 300)
        .map(answer -> answered(answer, object, url))
        .orElseGet(() -> unanswered(e, url.toString()));
  }

  private static InterruptedIOException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  private static StoreException answered(BaseServiceException e, String object, StoreUrl.Gcs url) {
    return switch (e.getCode()) {
      case 401 ->
          new StoreAccessException(
              "the store does not accept the credentials; renew them, or set"
                  + " GOOGLE_APPLICATION_CREDENTIALS to the path of a key file",
              object,
              e);
      case 403 ->
          new StoreAccessException(
              "the credentials do not allow this; grant the role Storage Object Admin on the bucket",
              object,
              e);
      case 404 ->
          String.valueOf(e.getMessage()).contains("bucket does not exist")
              ? new StoreFailureException(
                  "there is no such bucket; create it, or correct the URL", url.toString(), e)
              : new ObjectMissingException("there is no such object", object, e);
      case 429, 503 ->
          new StoreFailureException(
              "the store asks for fewer requests; try again later", object, e);
      default ->
          new StoreFailureException(
              "the store answered with status %d %s; look it up in the documentation of Cloud Storage"
                  .formatted(e.getCode(), e.getReason() == null ? "" : e.getReason()),
              object,
              e);
    };
  }

  /// Whether the library stumbled over what it was sent, which it shows by exceptions that are not
  /// its own.
  private static boolean isAboutTheAnswer(Exception e) {
    return cause(e, JsonProcessingException.class).isPresent()
        || cause(e, IllegalArgumentException.class).isPresent()
        || cause(e, NullPointerException.class).isPresent();
  }

  private static StoreException unanswered(Exception e, String place) {
    if (isAboutTheAnswer(e)) {
      return new StoreFailureException(
          "the endpoint does not answer as Cloud Storage does; check the endpoint in the URL",
          place,
          e);
    }
    if (String.valueOf(e.getMessage()).contains("access token")) {
      return new StoreAccessException(
          "no access token could be had for the credentials; check that their key file is valid and"
              + " not revoked",
          place,
          e);
    }
    if (cause(e, UnknownHostException.class).isPresent()) {
      return new StoreUnreachableException(
          "the name of the store's host is unknown; check the endpoint and the name service",
          place,
          e);
    }
    if (cause(e, SSLException.class).isPresent()) {
      return new StoreUnreachableException(
          "no secure connection could be agreed on with the store; check its certificate, and"
              + " whether the endpoint is http or https",
          place,
          e);
    }
    return new StoreUnreachableException(
        "the store does not answer; check the endpoint and the network, then try again", place, e);
  }

  private static <T extends Exception> Optional<T> cause(Exception e, Class<T> type) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }
}
