package io.redrill.server.network;

import io.redrill.server.type.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of a connection into requests: arrays of bulk strings, or inline lines.
///
/// Bytes are taken in place from the read buffer; only the arguments are copied, once. A request
/// that is not complete keeps what has arrived, and nothing grows by a length that was merely
/// announced.
final class RequestParser {

  private static final int MAX_LINE = 64 * 1024;
  private static final long MAX_BULK = 512L * 1024 * 1024;
  private static final long MAX_ARGUMENTS = 1024 * 1024;
  private static final int UNAUTHENTICATED_ARGUMENTS = 10;
  private static final int UNAUTHENTICATED_BULK = 16384;
  private static final int TRUSTED_ARGUMENTS = 64;
  private static final byte[] NO_BYTES = {};

  private byte[] line = new byte[128];
  private int lineLength;

  private byte[][] arguments = new byte[0][];
  private int expected;
  private int arrived;

  /// The announced length of the argument that is arriving, or -1 before its header.
  private int bulkLength = -1;

  private byte[] bulk = NO_BYTES;
  private int bulkArrived;
  private int lineEnd;

  private byte @Nullable [][] request;
  private @Nullable String error;

  /// Reads from `bytes` until a request is complete, an error is found, or the bytes are used up;
  /// returns where it stopped.
  int feed(byte[] bytes, int from, int to, boolean authenticated) {
    int at = from;
    while (at < to && request == null && error == null) {
      if (bulkLength >= 0) {
        at = feedBulk(bytes, at, to);
        continue;
      }
      int end = at;
      while (end < to && bytes[end] != '\n') {
        end++;
      }
      if (end == to) {
        keepLine(bytes, at, end);
        return to;
      }
      if (lineLength > 0) {
        keepLine(bytes, at, end);
        if (error == null) {
          int length = lineLength;
          lineLength = 0;
          feedLine(line, 0, length, authenticated);
        }
      } else {
        feedLine(bytes, at, end, authenticated);
      }
      at = end + 1;
    }
    return at;
  }

  /// The request that is complete, or null; it is handed out once.
  byte @Nullable [][] take() {
    byte[][] complete = request;
    request = null;
    return complete;
  }

  /// What is wrong with the bytes, or null. The connection cannot be used any further.
  @Nullable String error() {
    return error;
  }

  /// How many bytes are set aside for the argument that is arriving.
  int bufferedBytes() {
    return bulk.length;
  }

  private void keepLine(byte[] bytes, int from, int to) {
    int count = to - from;
    if (lineLength + count > MAX_LINE) {
      error =
          expected > 0
              ? "too big bulk count string"
              : lineStartsWithStar(bytes, from)
                  ? "too big mbulk count string"
                  : "too big inline request";
      return;
    }
    if (line.length < lineLength + count) {
      line = Arrays.copyOf(line, Math.max(lineLength + count, line.length * 2));
    }
    System.arraycopy(bytes, from, line, lineLength, count);
    lineLength += count;
  }

  private boolean lineStartsWithStar(byte[] bytes, int from) {
    return (lineLength > 0 ? line[0] : bytes[from]) == '*';
  }

  private void feedLine(byte[] bytes, int from, int to, boolean authenticated) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    if (expected > 0) {
      feedBulkHeader(bytes, from, end, authenticated);
    } else if (end > from && bytes[from] == '*') {
      feedArrayHeader(bytes, from, end, authenticated);
    } else {
      feedInline(bytes, from, end);
    }
  }

  private void feedArrayHeader(byte[] bytes, int from, int end, boolean authenticated) {
    long count = number(bytes, from + 1, end);
    if (count == Long.MIN_VALUE || count > MAX_ARGUMENTS) {
      error = "invalid multibulk length";
    } else if (!authenticated && count > UNAUTHENTICATED_ARGUMENTS) {
      error = "unauthenticated multibulk length";
    } else if (count > 0) {
      expected = (int) count;
      arrived = 0;
      arguments = new byte[Math.min(expected, TRUSTED_ARGUMENTS)][];
    }
  }

  private void feedBulkHeader(byte[] bytes, int from, int end, boolean authenticated) {
    if (end == from || bytes[from] != '$') {
      char found = end == from ? '\r' : (char) (bytes[from] & 0xff);
      error = "expected '$', got '%c'".formatted(found);
      return;
    }
    long length = number(bytes, from + 1, end);
    if (length < 0 || length > MAX_BULK) {
      error = "invalid bulk length";
    } else if (!authenticated && length > UNAUTHENTICATED_BULK) {
      error = "unauthenticated bulk length";
    } else {
      bulkLength = (int) length;
      bulk = NO_BYTES;
      bulkArrived = 0;
      lineEnd = 0;
    }
  }

  private int feedBulk(byte[] bytes, int from, int to) {
    int at = from;
    int left = Math.min(bulkLength - bulkArrived, to - at);
    if (left > 0) {
      if (bulk.length - bulkArrived < left) {
        bulk =
            Arrays.copyOf(
                bulk,
                (int) Math.min(bulkLength, Math.max(bulkArrived + (long) left, bulk.length * 2L)));
      }
      System.arraycopy(bytes, at, bulk, bulkArrived, left);
      bulkArrived += left;
      at += left;
    }
    // The two bytes of the line end are skipped unseen, as servers do.
    if (bulkArrived == bulkLength) {
      int skipped = Math.min(2 - lineEnd, to - at);
      lineEnd += skipped;
      at += skipped;
      if (lineEnd == 2) {
        addArgument(bulk);
      }
    }
    return at;
  }

  private void addArgument(byte[] argument) {
    if (arrived == arguments.length) {
      arguments = Arrays.copyOf(arguments, Math.min(expected, arrived * 2));
    }
    arguments[arrived++] = argument;
    bulkLength = -1;
    bulk = NO_BYTES;
    if (arrived == expected) {
      request = arguments;
      expected = 0;
      arguments = new byte[0][];
    }
  }

  private void feedInline(byte[] bytes, int from, int end) {
    List<byte[]> words = InlineWords.split(bytes, from, end);
    if (words == null) {
      error = "unbalanced quotes in request";
    } else if (!words.isEmpty()) {
      request = words.toArray(new byte[0][]);
    }
  }

  private static long number(byte[] bytes, int from, int end) {
    if (end - from == 1) {
      int digit = bytes[from] - '0';
      return digit >= 0 && digit <= 9 ? digit : Long.MIN_VALUE;
    }
    OptionalLong number = Numbers.parseLong(Arrays.copyOfRange(bytes, from, Math.max(from, end)));
    return number.orElse(Long.MIN_VALUE);
  }

  /// Splits a line into words, with the quoting of redis-cli: `"a\x00b"` and `'c d'`.
  private static final class InlineWords {

    private final byte[] bytes;
    private final int end;
    private int at;

    private InlineWords(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    /// The words, or null if a quote is not closed or not followed by a blank.
    static @Nullable List<byte[]> split(byte[] bytes, int from, int end) {
      return new InlineWords(bytes, from, end).words();
    }

    private @Nullable List<byte[]> words() {
      List<byte[]> words = new ArrayList<>();
      while (true) {
        while (at < end && isBlank(bytes[at])) {
          at++;
        }
        if (at == end) {
          return words;
        }
        byte[] word = word();
        if (word == null) {
          return null;
        }
        words.add(word);
      }
    }

    private byte @Nullable [] word() {
      var out = new java.io.ByteArrayOutputStream();
      while (at < end && !isBlank(bytes[at])) {
        byte letter = bytes[at++];
        if (letter == '"' || letter == '\'') {
          if (!quoted(out, letter)) {
            return null;
          }
          return at < end && !isBlank(bytes[at]) ? null : out.toByteArray();
        }
        if (letter == 0) {
          break;
        }
        out.write(letter);
      }
      return out.toByteArray();
    }

    private boolean quoted(java.io.ByteArrayOutputStream out, byte quote) {
      while (at < end) {
        byte letter = bytes[at++];
        if (letter == quote) {
          return true;
        }
        if (letter == '\\' && at < end && (quote == '"' || bytes[at] == '\'')) {
          out.write(escaped(quote));
        } else {
          out.write(letter);
        }
      }
      return false;
    }

    private int escaped(byte quote) {
      byte letter = bytes[at++];
      if (quote == '\'') {
        return letter;
      }
      if (letter == 'x' && at + 1 < end) {
        String hex = new String(bytes, at, 2, StandardCharsets.ISO_8859_1);
        if (hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
          at += 2;
          return Integer.parseInt(hex, 16);
        }
      }
      return switch (letter) {
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'b' -> '\b';
        case 'a' -> 7;
        default -> letter;
      };
    }

    private static boolean isBlank(byte letter) {
      return letter == ' ' || (letter >= 9 && letter <= 13);
    }
  }
}
