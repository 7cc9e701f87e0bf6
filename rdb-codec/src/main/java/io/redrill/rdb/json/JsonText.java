package io.redrill.rdb.json;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// JSON as bytes in a buffer of fixed size, which goes to an output whenever it is full.
///
/// Nothing is allocated for a string or an integer. Most strings are short and need no escape: they
/// are copied eight bytes at a time until a byte turns up that is not printable ASCII, or is a
/// quote or a backslash. Only from there on it is asked whether the string is UTF-8 at all, and
/// each byte is looked at; a string that is none is taken back and written as base64.
///
/// Failures of the output are thrown as [UncheckedIOException], as handlers cannot throw others.
final class JsonText {

  private static final int BUFFER_BYTES = 256 * 1024;

  /// Strings up to this length are written in one piece, of which each byte takes six at most.
  private static final int PIECE_BYTES = 32 * 1024;

  private static final int LONGEST_ESCAPE = 6;
  private static final int ROOM_FOR_NUMBER = 32;

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /// The powers of ten that a short decimal fraction may be divided by.
  private static final double[] POWERS = {1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  /// Whole numbers below have at most 15 digits: two such texts never stand for the same double.
  private static final double LARGEST_EXACT = 1e15;

  private static final byte[] HEX = bytes("0123456789abcdef");
  private static final byte[] BASE64 =
      bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int size;
  private int lineStart;

  JsonText(OutputStream out) {
    this.out = out;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What has been written so far goes to the output.
  void flush() {
    try {
      out.write(buffer, 0, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lineStart = Math.max(-1, lineStart - size);
    size = 0;
  }

  /// Ends a line.
  void endLine() {
    raw('\n');
    lineStart = size;
  }

  /// Takes back the line that was begun, as far as it has not gone to the output.
  void discardLine() {
    size = Math.max(0, lineStart);
  }

  private void room(int bytes) {
    if (BUFFER_BYTES - size < bytes) {
      flush();
    }
  }

  /// Writes an ASCII character as it is.
  void raw(char character) {
    room(1);
    buffer[size++] = (byte) character;
  }

  /// Writes a few bytes of JSON as they are.
  void raw(byte[] json) {
    room(json.length);
    System.arraycopy(json, 0, buffer, size, json.length);
    size += json.length;
  }

  /// Writes an integer.
  void integer(long value) {
    room(ROOM_FOR_NUMBER);
    size = DecimalText.put(value, buffer, size);
  }

  /// Writes an integer that is unsigned.
  void unsigned(long value) {
    if (value >= 0) {
      integer(value);
    } else {
      raw(bytes(Long.toUnsignedString(value)));
    }
  }

  /// Writes a double as the shortest number that reads back to it: an integer where it is one;
  /// `"inf"`, `"-inf"` and `"nan"` as strings.
  void real(double value) {
    if (value == (long) value && Math.abs(value) < LARGEST_EXACT) {
      if (value == 0 && 1 / value < 0) {
        raw(bytes("-0"));
      } else {
        integer((long) value);
      }
      return;
    }
    if (!Double.isFinite(value)) {
      raw(bytes(Double.isNaN(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\""));
      return;
    }
    if (!shortFraction(value)) {
      raw(bytes(Double.toString(value)));
    }
  }

  /// Writes `value` if it has up to six digits after the point and fifteen at all. A quotient of
  /// two whole numbers that are exact is the double nearest to it, so it reads back the same.
  private boolean shortFraction(double value) {
    for (int digits = 1; digits <= POWERS.length; digits++) {
      double power = POWERS[digits - 1];
      double whole = Math.rint(value * power);
      if (Math.abs(whole) >= LARGEST_EXACT) {
        return false;
      }
      if (whole / power == value) {
        room(2 * ROOM_FOR_NUMBER);
        long magnitude = (long) Math.abs(whole);
        long scale = (long) power;
        if (value < 0) {
          buffer[size++] = '-';
        }
        size = DecimalText.put(magnitude / scale, buffer, size);
        buffer[size++] = '.';
        long rest = magnitude % scale;
        for (long place = scale / 10; place > 0; place /= 10) {
          buffer[size++] = (byte) ('0' + rest / place % 10);
        }
        return true;
      }
    }
    return false;
  }

  /// Writes a float as the shortest number that reads back to it.
  void real(float value) {
    if ((value == (int) value && Math.abs(value) < 1 << 24) || !Float.isFinite(value)) {
      real((double) value);
    } else {
      raw(bytes(Float.toString(value)));
    }
  }

  /// Writes bytes: as a string if they are UTF-8, else as `{"b64": ...}`.
  void blob(ByteSlice slice) {
    blob(slice.array(), slice.offset(), slice.length());
  }

  /// As above, `length` bytes of `bytes` from `from` on.
  void blob(byte[] bytes, int from, int length) {
    if (length > PIECE_BYTES) {
      longBlob(bytes, from, length);
      return;
    }
    room(LONGEST_ESCAPE * length + 2);
    int start = size;
    int end = from + length;
    byte[] to = buffer;
    int put = start;
    to[put++] = '"';
    int at = from;
    for (; end - at >= 8; at += 8, put += 8) {
      long word = LittleEndian.getLong(bytes, at);
      if (needsCare(word)) {
        break;
      }
      LittleEndian.putLong(to, put, word);
    }
    for (; at < end; at++) {
      byte next = bytes[at];
      if (next < ' ' || next == '"' || next == '\\') {
        break;
      }
      to[put++] = next;
    }
    size = put;
    if (at < end) {
      if (!Utf8.isValid(bytes, at, end - at)) {
        size = start;
        base64(bytes, from, length);
        return;
      }
      escaped(bytes, at, end);
    }
    buffer[size++] = '"';
  }

  /// Whether one of eight bytes is below a space, above ASCII, a quote or a backslash. Each of the
  /// terms has the high bit of a byte set if that is so (and may be wrong above such a byte only).
  private static boolean needsCare(long word) {
    long quote = word ^ 0x2222_2222_2222_2222L;
    long backslash = word ^ 0x5c5c_5c5c_5c5c_5c5cL;
    return ((word
                | (word - 0x2020_2020_2020_2020L)
                | ((quote - ONES) & ~quote)
                | ((backslash - ONES) & ~backslash))
            & HIGH_BITS)
        != 0;
  }

  private void longBlob(byte[] bytes, int from, int length) {
    if (!Utf8.isValid(bytes, from, length)) {
      base64(bytes, from, length);
      return;
    }
    raw('"');
    for (int at = from, end = from + length; at < end; at += PIECE_BYTES) {
      int pieceEnd = at + Math.min(PIECE_BYTES, end - at);
      room(LONGEST_ESCAPE * (pieceEnd - at));
      escaped(bytes, at, pieceEnd);
    }
    raw('"');
  }

  /// Writes text with what has to be escaped, where there is room for it.
  private void escaped(byte[] bytes, int from, int end) {
    byte[] to = buffer;
    int put = size;
    int at = from;
    while (at < end) {
      if (end - at >= 8) {
        long word = LittleEndian.getLong(bytes, at);
        if (!needsCare(word)) {
          LittleEndian.putLong(to, put, word);
          at += 8;
          put += 8;
          continue;
        }
      }
      byte next = bytes[at++];
      if (next == '"' || next == '\\') {
        to[put++] = '\\';
        to[put++] = next;
      } else if (next >= 0 && next < ' ') {
        put = control(next, to, put);
      } else {
        to[put++] = next;
      }
    }
    size = put;
  }

  private static int control(byte character, byte[] to, int at) {
    int put = at;
    to[put++] = '\\';
    switch (character) {
      case '\n' -> to[put++] = 'n';
      case '\r' -> to[put++] = 'r';
      case '\t' -> to[put++] = 't';
      default -> {
        to[put++] = 'u';
        to[put++] = '0';
        to[put++] = '0';
        to[put++] = HEX[character >>> 4];
        to[put++] = HEX[character & 0xf];
      }
    }
    return put;
  }

  /// Writes bytes as `{"b64": ...}`.
  void base64(byte[] bytes, int from, int length) {
    raw(B64_BEGIN);
    int end = from + length;
    int at = from;
    while (end - at >= 3) {
      int pieceEnd = at + Math.min(PIECE_BYTES, end - at) / 3 * 3;
      room((pieceEnd - at) / 3 * 4);
      byte[] to = buffer;
      int put = size;
      for (; at < pieceEnd; at += 3, put += 4) {
        int group = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
        to[put] = BASE64[group >>> 18];
        to[put + 1] = BASE64[group >>> 12 & 0x3f];
        to[put + 2] = BASE64[group >>> 6 & 0x3f];
        to[put + 3] = BASE64[group & 0x3f];
      }
      size = put;
    }
    if (at < end) {
      room(4);
      boolean isPair = end - at == 2;
      int group = (bytes[at] & 0xff) << 16 | (isPair ? (bytes[at + 1] & 0xff) << 8 : 0);
      buffer[size++] = BASE64[group >>> 18];
      buffer[size++] = BASE64[group >>> 12 & 0x3f];
      buffer[size++] = isPair ? BASE64[group >>> 6 & 0x3f] : (byte) '=';
      buffer[size++] = '=';
    }
    raw(B64_END);
  }

  private static final byte[] B64_BEGIN = bytes("{\"b64\":\"");
  private static final byte[] B64_END = bytes("\"}");
}
