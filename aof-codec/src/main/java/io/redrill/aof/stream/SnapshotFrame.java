package io.redrill.aof.stream;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a primary frames the RDB of a full synchronisation, by the line in front of it:
///
/// ```
/// $<length>\r\n     <length bytes of RDB>
/// $EOF:<mark>\r\n   <RDB> <mark>            the mark is 40 random characters
/// ```
sealed interface SnapshotFrame {

  /// No such line is longer, with what may stand before its line feed.
  int MOST_LINE_BYTES = 80;

  int MARK_BYTES = 40;
  Pattern LINE = Pattern.compile("\\$(?:([0-9]{1,18})|EOF:(.{" + MARK_BYTES + "}))");

  /// The RDB has `lengthBytes`.
  record OfLength(long lengthBytes) implements SnapshotFrame {}

  /// The RDB ends where `mark` begins.
  record UntilMark(byte[] mark) implements SnapshotFrame {}

  /// The frame that `line` announces, which may end in a carriage return; empty if it is none.
  static Optional<SnapshotFrame> of(String line) {
    Matcher found = LINE.matcher(line.stripTrailing());
    if (!found.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        found.group(1) != null
            ? new OfLength(Long.parseLong(found.group(1)))
            : new UntilMark(found.group(2).getBytes(StandardCharsets.ISO_8859_1)));
  }
}
