package io.redrill.server.command;

import io.redrill.server.type.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Replies in RESP2 or RESP3, as bytes that grow until they are taken.
///
/// Where the two protocols differ, the client's protocol decides: a map is a flat array in RESP2, a
/// double a bulk string, null an empty bulk string or array.
public final class ReplyBuffer {

  private static final int KEPT_BYTES = 64 * 1024;
  private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private byte[] bytes = new byte[256];
  private int length;
  private int protocol = 2;
  private boolean muted;

  /// The protocol version, 2 or 3.
  public int protocol() {
    return protocol;
  }

  /// Sets the protocol version for what follows.
  public void protocol(int version) {
    protocol = version;
  }

  /// While muted, everything written is dropped.
  public void mute(boolean mute) {
    muted = mute;
  }

  /// How many bytes are waiting.
  public int length() {
    return length;
  }

  /// The bytes, valid up to [#length()].
  public byte[] array() {
    return bytes;
  }

  /// Forgets the bytes, and gives a large array back.
  public void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[256];
    }
  }

  /// Forgets the bytes from `mark` on.
  public void truncate(int mark) {
    length = mark;
  }

  /// Whether an error starts at `mark`.
  public boolean isErrorAt(int mark) {
    return length > mark && bytes[mark] == '-';
  }

  /// `+OK`.
  public void ok() {
    raw(OK, OK.length);
  }

  /// A status; `text` has no line break.
  public void status(String text) {
    line('+', text);
  }

  /// An error; line breaks in `text` become blanks.
  public void error(String text) {
    line('-', text.replace('\r', ' ').replace('\n', ' '));
  }

  /// An integer.
  public void integer(long value) {
    header(':', value);
  }

  /// A number or a yes: 1 or 0.
  public void integer(boolean value) {
    integer(value ? 1 : 0);
  }

  /// A bulk string.
  public void bulk(byte[] value) {
    header('$', value.length);
    raw(value, value.length);
    crlf();
  }

  /// A bulk string.
  public void bulk(String value) {
    bulk(value.getBytes(StandardCharsets.UTF_8));
  }

  /// An integer as a bulk string.
  public void bulk(long value) {
    bulk(Numbers.text(value));
  }

  /// A value, or null.
  public void bulkOrNull(byte @org.jspecify.annotations.Nullable [] value) {
    if (value == null) {
      nullValue();
    } else {
      bulk(value);
    }
  }

  /// Null in place of a value.
  public void nullValue() {
    text(protocol == 3 ? "_\r\n" : "$-1\r\n");
  }

  /// Null in place of an array.
  public void nullArray() {
    text(protocol == 3 ? "_\r\n" : "*-1\r\n");
  }

  /// The head of an array; `count` elements are to follow.
  public void array(long count) {
    header('*', count);
  }

  /// The head of a map; `count` keys, each with its value, are to follow.
  public void map(long count) {
    if (protocol == 3) {
      header('%', count);
    } else {
      header('*', count * 2);
    }
  }

  /// The head of a set; `count` elements are to follow.
  public void set(long count) {
    header(protocol == 3 ? '~' : '*', count);
  }

  /// The head of a push message; `count` elements are to follow.
  public void push(long count) {
    header(protocol == 3 ? '>' : '*', count);
  }

  /// A double.
  public void real(double value) {
    if (protocol == 3) {
      line(',', Numbers.format(value));
    } else {
      bulk(Numbers.format(value));
    }
  }

  /// A double whose digits are chosen already.
  public void real(byte[] digits) {
    if (protocol == 3) {
      line(',', new String(digits, StandardCharsets.ISO_8859_1));
    } else {
      bulk(digits);
    }
  }

  /// A truth value.
  public void bool(boolean value) {
    text(protocol == 3 ? (value ? "#t\r\n" : "#f\r\n") : (value ? ":1\r\n" : ":0\r\n"));
  }

  /// Text for people, such as that of `INFO`.
  public void verbatim(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (protocol == 3) {
      header('=', text.length + 4);
      text("txt:");
      raw(text, text.length);
      crlf();
    } else {
      bulk(text);
    }
  }

  /// Bytes that are replies already.
  public void raw(byte[] reply, int count) {
    if (muted) {
      return;
    }
    reserve(count);
    System.arraycopy(reply, 0, bytes, length, count);
    length += count;
  }

  /// Appends what another buffer holds.
  public void append(ReplyBuffer other) {
    raw(other.bytes, other.length);
  }

  private void line(char kind, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    reserve(encoded.length + 3);
    octet(kind);
    raw(encoded, encoded.length);
    crlf();
  }

  private void text(String text) {
    raw(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
  }

  private void header(char kind, long value) {
    if (muted) {
      return;
    }
    reserve(24);
    bytes[length++] = (byte) kind;
    if (value >= 0 && value < 10) {
      bytes[length++] = (byte) ('0' + value);
    } else {
      long left = value;
      if (value < 0) {
        bytes[length++] = '-';
      } else {
        left = -value; // the negative range is the larger one
      }
      int digits = 1;
      for (long rest = left / 10; rest != 0; rest /= 10) {
        digits++;
      }
      for (int i = length + digits - 1; i >= length; i--) {
        bytes[i] = (byte) ('0' - left % 10);
        left /= 10;
      }
      length += digits;
    }
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void octet(char value) {
    if (!muted) {
      reserve(1);
      bytes[length++] = (byte) value;
    }
  }

  private void crlf() {
    if (!muted) {
      reserve(2);
      bytes[length++] = '\r';
      bytes[length++] = '\n';
    }
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes =
          Arrays.copyOf(
              bytes,
              (int)
                  Math.min(
                      Integer.MAX_VALUE - 16, Math.max(length + (long) count, bytes.length * 2L)));
    }
  }
}
