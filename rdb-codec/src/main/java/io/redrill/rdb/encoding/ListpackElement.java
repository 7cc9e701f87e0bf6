package io.redrill.rdb.encoding;

import java.util.Arrays;

/// One element inside the bytes of a [Listpack].
///
/// | first byte | what |
/// |---|---|
/// | `0nnnnnnn` | integer 0 to 127 |
/// | `10llllll` | text of l bytes |
/// | `110nnnnn nnnnnnnn` | signed 13-bit integer, high bits first |
/// | `1110llll llllllll` | text of l bytes, high bits first |
/// | `f0` + 4 | text, its length little-endian |
/// | `f1`, `f2`, `f3`, `f4` | integer of 2, 3, 4, 8 bytes, little-endian |
///
/// After it stands its own length in 1 to 5 bytes of seven bits, most significant first; every byte
/// but the first has its top bit set, so that it can be read from the right.
final class ListpackElement {

  static final int TEXT_32 = 0xf0;
  private static final int INT_16 = 0xf1;
  private static final int INT_24 = 0xf2;
  private static final int INT_32 = 0xf3;
  private static final int INT_64 = 0xf4;

  private ListpackElement() {}

  static boolean isInteger(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    return first < 0x80 || (first & 0xe0) == 0xc0 || first > TEXT_32;
  }

  static long integer(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return first;
    }
    if ((first & 0xe0) == 0xc0) {
      int thirteen = (first & 0x1f) << 8 | (bytes[at + 1] & 0xff);
      return thirteen < 1 << 12 ? thirteen : thirteen - (1 << 13);
    }
    return switch (first) {
      case INT_16 -> LittleEndian.getShort(bytes, at + 1);
      case INT_24 -> LittleEndian.getMedium(bytes, at + 1);
      case INT_32 -> LittleEndian.getInt(bytes, at + 1);
      case INT_64 -> LittleEndian.getLong(bytes, at + 1);
      default -> throw new IllegalStateException("no integer at " + at);
    };
  }

  /// How many bytes the integer that begins with `first` takes, that byte included; 0 if it is
  /// none.
  static int integerSize(int first) {
    if (first < 0x80) {
      return 1;
    }
    if ((first & 0xe0) == 0xc0) {
      return 2;
    }
    return switch (first) {
      case INT_16 -> 3;
      case INT_24 -> 4;
      case INT_32 -> 5;
      case INT_64 -> 9;
      default -> 0;
    };
  }

  static int textStart(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0xc0) {
      return at + 1;
    }
    return first == TEXT_32 ? at + 5 : at + 2;
  }

  static int textLength(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0xc0) {
      return first & 0x3f;
    }
    return first == TEXT_32
        ? LittleEndian.getInt(bytes, at + 1)
        : (first & 0x0f) << 8 | (bytes[at + 1] & 0xff);
  }

  /// The text, in an array of its own.
  static byte[] text(byte[] bytes, int at) {
    if (isInteger(bytes, at)) {
      return DecimalText.of(integer(bytes, at));
    }
    int from = textStart(bytes, at);
    return Arrays.copyOfRange(bytes, from, from + textLength(bytes, at));
  }

  static boolean matches(byte[] bytes, int at, byte[] text) {
    if (isInteger(bytes, at)) {
      return DecimalText.isLong(text) && DecimalText.parse(text) == integer(bytes, at);
    }
    int from = textStart(bytes, at);
    int length = textLength(bytes, at);
    return length == text.length && Arrays.equals(bytes, from, from + length, text, 0, text.length);
  }

  /// Where the element after the one at `at` begins.
  static int end(byte[] bytes, int at) {
    int size = (int) size(bytes, at);
    return at + size + backLengthBytes(size);
  }

  /// As [#end], for bytes that nobody has looked at: -1 if the element is not whole and right
  /// before `limit`.
  static long checkedEnd(byte[] bytes, int at, int limit) {
    int first = bytes[at] & 0xff;
    int head = (first >= 0xe0 && first <= 0xef) || (first & 0xe0) == 0xc0 ? 2 : 1;
    if (first > INT_64 || at + (first == TEXT_32 ? 5 : head) > limit) {
      return -1;
    }
    long size = size(bytes, at);
    if (size > limit - at) {
      return -1;
    }
    int backBytes = backLengthBytes((int) size);
    int backAt = at + (int) size;
    if (backBytes > limit - backAt || !hasBackLength(bytes, backAt, backBytes, (int) size)) {
      return -1;
    }
    return (long) backAt + backBytes;
  }

  /// Where the element before `at` begins: its length is read from the right.
  static int before(byte[] bytes, int at) {
    int back = at - 1;
    int size = bytes[back] & 0x7f;
    int shift = 7;
    while ((bytes[back] & 0x80) != 0) {
      back--;
      size |= (bytes[back] & 0x7f) << shift;
      shift += 7;
    }
    return back - size;
  }

  /// Bytes of the element without its back length.
  private static long size(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xc0) {
      return 1L + (first & 0x3f);
    }
    if (first < 0xe0) {
      return 2;
    }
    if (first < TEXT_32) {
      return 2L + ((first & 0x0f) << 8 | (bytes[at + 1] & 0xff));
    }
    return switch (first) {
      case TEXT_32 -> 5 + LittleEndian.getUnsignedInt(bytes, at + 1);
      case INT_16 -> 3;
      case INT_24 -> 4;
      case INT_32 -> 5;
      default -> 9;
    };
  }

  static int backLengthBytes(int size) {
    if (size <= 127) {
      return 1;
    }
    if (size < 1 << 14) {
      return 2;
    }
    if (size < 1 << 21) {
      return 3;
    }
    return size < 1 << 28 ? 4 : 5;
  }

  static boolean hasBackLength(byte[] bytes, int at, int count, int size) {
    for (int i = 0; i < count; i++) {
      if (bytes[at + i] != backLengthByte(i, count, size)) {
        return false;
      }
    }
    return true;
  }

  private static byte backLengthByte(int index, int count, int size) {
    int seven = size >>> (7 * (count - 1 - index)) & 0x7f;
    return (byte) (index == 0 ? seven : seven | 0x80);
  }

  /// The stored form of `text`: an integer where it is one.
  static byte[] encode(byte[] text) {
    if (DecimalText.isLong(text)) {
      return encode(DecimalText.parse(text));
    }
    int length = text.length;
    int head = length < 64 ? 1 : length < 4096 ? 2 : 5;
    byte[] element = withBackLength(Math.addExact(head, length));
    if (head == 1) {
      element[0] = (byte) (0x80 | length);
    } else if (head == 2) {
      element[0] = (byte) (0xe0 | length >>> 8);
      element[1] = (byte) length;
    } else {
      element[0] = (byte) TEXT_32;
      LittleEndian.putInt(element, 1, length);
    }
    System.arraycopy(text, 0, element, head, length);
    return element;
  }

  /// The stored form of `value`, the shortest.
  static byte[] encode(long value) {
    if (value >= 0 && value <= 127) {
      byte[] element = withBackLength(1);
      element[0] = (byte) value;
      return element;
    }
    if (value >= -4096 && value <= 4095) {
      byte[] element = withBackLength(2);
      element[0] = (byte) (0xc0 | ((int) value >> 8 & 0x1f));
      element[1] = (byte) value;
      return element;
    }
    if (value == (short) value) {
      return wide(INT_16, 2, value);
    }
    if (value >= -(1 << 23) && value < 1 << 23) {
      return wide(INT_24, 3, value);
    }
    return value == (int) value ? wide(INT_32, 4, value) : wide(INT_64, 8, value);
  }

  private static byte[] wide(int first, int width, long value) {
    byte[] element = withBackLength(1 + width);
    element[0] = (byte) first;
    for (int i = 0; i < width; i++) {
      element[1 + i] = (byte) (value >>> (8 * i));
    }
    return element;
  }

  private static byte[] withBackLength(int size) {
    int count = backLengthBytes(size);
    byte[] element = new byte[Math.addExact(size, count)];
    for (int i = 0; i < count; i++) {
      element[size + i] = backLengthByte(i, count, size);
    }
    return element;
  }
}
