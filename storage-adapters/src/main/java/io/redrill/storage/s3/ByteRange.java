package io.redrill.storage.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The bytes in `[offset, offset + length)` of an object, in the words of HTTP.
///
/// @param length at least 1: HTTP has no empty range
record ByteRange(long offset, long length) {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /// The value of the header `Range`.
  String header() {
    return "bytes=%d-%d".formatted(offset, end(Long.MAX_VALUE) - 1);
  }

  /// Whether an answer with these headers holds this range, up to the end of the object. A server
  /// may pass over the request's header and send everything, or a piece that suits it better.
  ///
  /// @param contentRange the value of the header `Content-Range`, null where there is none
  /// @param contentLength of the body, bytes
  boolean isAnsweredBy(@Nullable String contentRange, long contentLength) {
    if (contentRange == null) {
      // An empty object has no ranges, which some servers answer with all of it.
      return contentLength == 0;
    }
    Matcher range = CONTENT_RANGE.matcher(contentRange);
    if (!range.matches()) {
      return false;
    }
    long first = Long.parseLong(range.group(1));
    long end = Long.parseLong(range.group(2)) + 1;
    long size = Long.parseLong(range.group(3));
    return first == offset && end == end(size) && contentLength == end - first;
  }

  private long end(long size) {
    return length > size - offset ? size : offset + length;
  }
}
