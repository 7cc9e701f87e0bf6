package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.LittleEndian;

/// Reads the lengths and strings of a stored value without unpacking any: what LZF packed tells its
/// own length in front.
///
/// For values of which a cursor has found the end, by the same lengths: these reads cannot leave
/// them. Nothing is allocated.
final class StoredString {

  private static final int INT_8 = 0xc0;
  private static final int INT_16 = 0xc1;
  private static final int INT_32 = 0xc2;
  private static final int LZF = 0xc3;
  private static final long MAX_LZF_RATIO = 264;
  private static final int PREFIX_BYTES = 12;

  private final byte[] prefix = new byte[PREFIX_BYTES];
  private byte[] array = prefix;
  private int at;
  private int dataAt;
  private int storedBytes;
  private boolean isPacked;
  private boolean isInteger;
  private long length;

  void begin(ByteSlice value) {
    array = value.array();
    at = value.offset();
  }

  /// Reads a length or number.
  long number() {
    return number(array[at++] & 0xff);
  }

  private long number(int first) {
    return switch (first >>> 6) {
      case 0 -> first;
      case 1 -> (long) (first & 0x3f) << 8 | (array[at++] & 0xff);
      default -> first == 0x80 ? fourBytes() : eightBytes();
    };
  }

  private long fourBytes() {
    at += 4;
    return Integer.reverseBytes(LittleEndian.getInt(array, at - 4)) & 0xffff_ffffL;
  }

  private long eightBytes() {
    at += 8;
    return Long.reverseBytes(LittleEndian.getLong(array, at - 8));
  }

  /// Passes over `count` bytes.
  void skip(int count) {
    at += count;
  }

  /// Passes over a score of type 3.
  void skipTextDouble() {
    int bytes = array[at++] & 0xff;
    at += bytes < 253 ? bytes : 0;
  }

  /// Passes over a string, and keeps what [#length] and its neighbours tell.
  void next() {
    int first = array[at++] & 0xff;
    isInteger = first >= INT_8 && first <= INT_32;
    isPacked = first == LZF;
    if (isInteger) {
      storedBytes = 1 << (first - INT_8);
      long value =
          switch (first) {
            case INT_8 -> array[at];
            case INT_16 -> LittleEndian.getShort(array, at);
            default -> LittleEndian.getInt(array, at);
          };
      length = DecimalText.length(value);
    } else if (isPacked) {
      storedBytes = (int) number();
      // LZF cannot pack better than this; a length beyond is damage, and would spoil every sum.
      length = Math.clamp(number(), 0, storedBytes * MAX_LZF_RATIO);
    } else {
      length = number(first);
      storedBytes = (int) length;
    }
    dataAt = at;
    at += storedBytes;
  }

  /// The length of the string as a client has it, in bytes. Where it was packed nobody has proved
  /// it yet.
  long length() {
    return length;
  }

  /// Whether a server holds the string as an integer.
  boolean isNumber() {
    return isInteger
        || (!isPacked && length <= 20 && DecimalText.isLong(array, dataAt, (int) length));
  }

  /// The unsigned number of `width` bytes, 1, 2 or 4, at `offset` (up to 8) of the string, which is
  /// unpacked so far; -1 if the string is not that long.
  long header(int offset, int width) {
    byte[] bytes = array;
    int from = dataAt;
    int count = storedBytes;
    if (isPacked) {
      bytes = prefix;
      from = 0;
      count = unpackPrefix();
    }
    if (isInteger || count < offset + width) {
      return -1;
    }
    return switch (width) {
      case 1 -> bytes[from + offset] & 0xff;
      case 2 -> LittleEndian.getUnsignedShort(bytes, from + offset);
      default -> LittleEndian.getUnsignedInt(bytes, from + offset);
    };
  }

  /// Unpacks the first bytes of what LZF packed: runs of up to 32 literal bytes, and references of
  /// three or more bytes to what came before.
  private int unpackPrefix() {
    int out = 0;
    int in = dataAt;
    int end = dataAt + storedBytes;
    while (out < PREFIX_BYTES && in < end) {
      int control = array[in++] & 0xff;
      if (control < 32) {
        for (int left = control + 1; left > 0 && out < PREFIX_BYTES && in < end; left--) {
          prefix[out++] = array[in++];
        }
        continue;
      }
      int run = control >>> 5;
      if (run == 7 && in < end) {
        run += array[in++] & 0xff;
      }
      if (in == end) {
        return out;
      }
      int from = out - ((control & 0x1f) << 8 | (array[in++] & 0xff)) - 1;
      if (from < 0) {
        return out;
      }
      for (int left = run + 2; left > 0 && out < PREFIX_BYTES; left--) {
        prefix[out++] = prefix[from++];
      }
    }
    return out;
  }
}
