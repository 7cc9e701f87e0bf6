package io.redrill.storage.s3;

import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreUnreachableException;
import io.redrill.storage.StoreUrl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// From what the SDK throws to what an operator can do about it.
final class S3Failure {

  private static final String NOT_S3 =
      "the endpoint does not answer as an S3 store does; check the endpoint in the URL";

  private S3Failure() {}

  static StoreException missingBucket(StoreUrl.S3 url, Throwable cause) {
    return new StoreFailureException(
        "there is no such bucket; create it, or correct the URL", url.toString(), cause);
  }

  /// The failure `e` as the store's own, about `object`.
  static IOException of(Exception e, String object, StoreUrl.S3 url) {
    return switch (e) {
      case StoreException own -> own;
      case S3Exception answer -> answered(answer, object, url);
      case AbortedException aborted -> interrupted(aborted);
      case InterruptedIOException timeout
          when !(timeout instanceof java.net.SocketTimeoutException) ->
          interrupted(timeout);
      case ApiCallTimeoutException timeout -> unanswered(timeout, object, url);
      case ApiCallAttemptTimeoutException timeout -> unanswered(timeout, object, url);
      default -> unanswered(e, object, url);
    };
  }

  /// The failure of an endpoint that answers, but not as S3 does: another web server, perhaps.
  static StoreException notAnS3Answer(String object) {
    return new StoreFailureException(NOT_S3, object);
  }

  /// As above, caused by `cause`.
  static StoreException notAnS3Answer(String object, Exception cause) {
    return new StoreFailureException(NOT_S3, object, cause);
  }

  private static StoreException answered(S3Exception e, String object, StoreUrl.S3 url) {
    @Nullable AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    return switch (code) {
      case "NoSuchBucket" -> missingBucket(url, e);
      case "RequestTimeTooSkewed" ->
          new StoreAccessException(
              "the clock of this machine is too far from the store's; set it right", object, e);
      case "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired" ->
          new StoreAccessException(
              "the store does not accept the credentials (%s); renew them".formatted(code),
              object,
              e);
      case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" ->
          wrongRegion(e, details, url);
      case "XAmzContentSHA256Mismatch" ->
          new StoreFailureException(
              "the store refuses trailing checksums; add ?checksum=when-required to the URL",
              object,
              e);
      default -> answered(e.statusCode(), code, e, object, url);
    };
  }

  private static StoreException answered(
      int status, String code, S3Exception e, String object, StoreUrl.S3 url) {
    return switch (status) {
      case 404 -> new ObjectMissingException("there is no such object", object, e);
      case 401, 403 ->
          new StoreAccessException(
              "the credentials do not allow this; grant s3:GetObject, s3:PutObject, s3:DeleteObject"
                  + " and s3:ListBucket",
              object,
              e);
      case 301, 302, 303, 307, 308 ->
          bucketRegion(e.awsErrorDetails()).isPresent()
              ? wrongRegion(e, e.awsErrorDetails(), url)
              : new StoreFailureException(
                  "the endpoint sends requests elsewhere (status %d); correct ?endpoint=… in the URL,"
                          .formatted(status)
                      + " perhaps from http to https",
                  url.toString(),
                  e);
      case 429, 503 ->
          new StoreFailureException(
              "the store asks for fewer requests; try again later", object, e);
      case 507 ->
          new StoreFailureException(
              "the store is full; free some space or raise the quota, then try again", object, e);
      case 501 ->
          new StoreFailureException(
              "the store lacks something that redrill needs (conditional writes, or checksums:"
                  + " try ?checksum=when-required)",
              object,
              e);
      default ->
          new StoreFailureException(
              "the store answered with status %d %s; look it up in the store's own documentation"
                  .formatted(status, code),
              object,
              e);
    };
  }

  private static StoreException wrongRegion(
      S3Exception e, @Nullable AwsErrorDetails details, StoreUrl.S3 url) {
    return new StoreFailureException(
        bucketRegion(details)
            .map("the bucket is in the region %1$s; write ?region=%1$s in the URL"::formatted)
            .orElse("the bucket is in another region; correct ?region=… in the URL"),
        url.toString(),
        e);
  }

  private static Optional<String> bucketRegion(@Nullable AwsErrorDetails details) {
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details
            .sdkHttpResponse()
            .firstMatchingHeader("x-amz-bucket-region")
            .filter(region -> region.matches("[a-z0-9-]{1,40}"));
  }

  private static InterruptedIOException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  private static StoreException unanswered(Exception e, String object, StoreUrl.S3 url) {
    String place = url.toString();
    if (mentions(e, "Unable to load credentials")) {
      return new StoreAccessException(
          "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
              + " AWS_PROFILE, or give this machine a role",
          place,
          e);
    }
    if (has(e, XMLStreamException.class)) {
      return notAnS3Answer(place, e);
    }
    if (mentions(e, "different checksum")) {
      return new StoreFailureException(
          "what arrived does not match the checksum that the store keeps; read it again, and if it"
              + " stays so, the object is damaged",
          object,
          e);
    }
    if (has(e, UnknownHostException.class)) {
      return new StoreUnreachableException(
          "the name of the store's host is unknown; check the endpoint, the region and the name"
              + " service",
          place,
          e);
    }
    if (has(e, SSLException.class)) {
      return new StoreUnreachableException(
          "no secure connection could be agreed on with the store; check its certificate, and"
              + " whether the endpoint is http or https",
          place,
          e);
    }
    return new StoreUnreachableException(
        "the store does not answer; check the endpoint and the network, then try again", place, e);
  }

  private static boolean mentions(Exception e, String text) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (t.getMessage() != null && t.getMessage().contains(text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(Exception e, Class<? extends Exception> type) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }
}
