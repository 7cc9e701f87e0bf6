package io.redrill.rdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Keys as text that is safe on a terminal and stands for one key only, whole: what [KeyText] is to
/// a message, this is to a list of keys.
///
/// | in the key | in the text |
/// |---|---|
/// | printable UTF-8 but the backslash | itself |
/// | `\` | `\\` |
/// | any other byte: of a control or format character, of no UTF-8 | `\xNN`, in lower case |
public final class KeyEscape {

  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private KeyEscape() {}

  /// The text of `key`. No key gives the text of another.
  public static String of(ByteSlice key) {
    StringBuilder text = new StringBuilder(key.length() + 8);
    append(key, text);
    return text.toString();
  }

  /// The text of `key`.
  public static String of(byte[] key) {
    return of(ByteSlice.of(key));
  }

  /// Adds the text of `key` to `text`.
  public static void append(ByteSlice key, StringBuilder text) {
    for (int at = 0; at < key.length(); ) {
      int b = key.get(at) & 0xff;
      if (b < 0x80) {
        if (b == '\\') {
          text.append("\\\\");
        } else if (b >= ' ' && b < 0x7f) {
          text.append((char) b);
        } else {
          appendByte(b, text);
        }
        at++;
        continue;
      }
      int length = sequenceLength(key, at);
      int point = length == 0 ? -1 : codePoint(key, at, length);
      if (point >= 0 && isPrintable(point)) {
        text.appendCodePoint(point);
        at += length;
      } else {
        appendByte(b, text);
        at++;
      }
    }
  }

  private static void appendByte(int b, StringBuilder text) {
    text.append("\\x").append(DIGITS[b >>> 4]).append(DIGITS[b & 15]);
  }

  /// How many bytes the first at `at` announces, if so many are there and go on as they should;
  /// else 0.
  private static int sequenceLength(ByteSlice key, int at) {
    int b = key.get(at) & 0xff;
    int length =
        b >= 0xf0 && b < 0xf5 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc2 && b < 0xe0 ? 2 : 0;
    if (at + length > key.length()) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((key.get(at + i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /// The character of a whole sequence, or -1 where it is written longer than it need be, is half a
  /// pair, or lies beyond the last.
  private static int codePoint(ByteSlice key, int at, int length) {
    int point = key.get(at) & (0xff >>> (length + 1));
    for (int i = 1; i < length; i++) {
      point = point << 6 | (key.get(at + i) & 0x3f);
    }
    int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    boolean isHalf = point >= 0xd800 && point < 0xe000;
    return point < least || isHalf || point > Character.MAX_CODE_POINT ? -1 : point;
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT, // turns the direction of writing, or shows nothing
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// The key that `text` stands for: the opposite of [#of].
  ///
  /// @throws IllegalArgumentException if a backslash is followed by neither another nor `xNN`
  public static byte[] parse(String text) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); ) {
      if (text.charAt(at) != '\\') {
        int point = text.codePointAt(at);
        key.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(point);
      } else if (text.startsWith("\\\\", at)) {
        key.write('\\');
        at += 2;
      } else if (text.startsWith("\\x", at)
          && at + 4 <= text.length()
          && HexFormat.isHexDigit(text.charAt(at + 2))
          && HexFormat.isHexDigit(text.charAt(at + 3))) {
        key.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
        at += 4;
      } else {
        throw new IllegalArgumentException(
            "a backslash must be followed by another, or by x and two hexadecimal digits");
      }
    }
    return key.toByteArray();
  }
}
