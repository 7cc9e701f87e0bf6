package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.encoding.Lzf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The primitives of RDB into a growing array: the opposite of [RdbInput], and the same choices
/// that servers make, so that equal content gives equal bytes.
final class RdbOutput {

  /// Only strings longer than this are worth a try at LZF.
  private static final int LZF_MINIMUM_BYTES = 20;

  private static final int INT_TEXT_MAXIMUM_BYTES = 11;

  private final boolean compression;
  private byte[] bytes;
  private int size;

  RdbOutput(boolean compression) {
    this(compression, 256);
  }

  /// With room for `sizeBytes` to begin with.
  RdbOutput(boolean compression, int sizeBytes) {
    this.compression = compression;
    this.bytes = new byte[sizeBytes];
  }

  int size() {
    return size;
  }

  /// The array behind, of which the first [#size()] bytes count; lent until the next call.
  byte[] array() {
    return bytes;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void clear() {
    size = 0;
  }

  void putByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void putBytes(byte[] added) {
    putBytes(added, 0, added.length);
  }

  void putBytes(byte[] added, int from, int length) {
    room(length);
    System.arraycopy(added, from, bytes, size, length);
    size += length;
  }

  void putText(String text) {
    putBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void putLongLittleEndian(long value) {
    room(8);
    LittleEndian.putLong(bytes, size, value);
    size += 8;
  }

  void putDouble(double value) {
    putLongLittleEndian(Double.doubleToRawLongBits(value));
  }

  /// A length, in the shortest form; all 64 bits count.
  void putLength(long length) {
    if (length >= 0 && length < 1 << 6) {
      putByte((int) length);
    } else if (length >= 0 && length < 1 << 14) {
      putByte(0x40 | (int) (length >>> 8));
      putByte((int) length);
    } else if (length >>> 32 == 0) {
      putByte(0x80);
      room(4);
      LittleEndian.putInt(bytes, size, Integer.reverseBytes((int) length));
      size += 4;
    } else {
      putByte(0x81);
      putLongLittleEndian(Long.reverseBytes(length));
    }
  }

  /// A string: as an integer where it is the text of one, packed where that saves, else as it is.
  void putString(byte[] string) {
    if (string.length <= INT_TEXT_MAXIMUM_BYTES && DecimalText.isLong(string)) {
      long value = DecimalText.parse(string);
      if (value == (int) value) {
        putInteger((int) value);
        return;
      }
    }
    if (compression && string.length > LZF_MINIMUM_BYTES) {
      byte[] packed = Lzf.encode(string, string.length - 4);
      if (packed.length > 0) {
        putByte(0xc3);
        putLength(packed.length);
        putLength(string.length);
        putBytes(packed);
        return;
      }
    }
    putLength(string.length);
    putBytes(string);
  }

  private void putInteger(int value) {
    if (value == (byte) value) {
      putByte(0xc0);
      putByte(value);
    } else if (value == (short) value) {
      putByte(0xc1);
      putByte(value);
      putByte(value >> 8);
    } else {
      putByte(0xc2);
      room(4);
      LittleEndian.putInt(bytes, size, value);
      size += 4;
    }
  }

  /// The 16 raw bytes of a stream id, big-endian so that they sort.
  void putRawId(StreamValue.Id id) {
    putLongLittleEndian(Long.reverseBytes(id.millis()));
    putLongLittleEndian(Long.reverseBytes(id.sequence()));
  }

  /// A stream id as two lengths.
  void putId(StreamValue.Id id) {
    putLength(id.millis());
    putLength(id.sequence());
  }

  private void room(int count) {
    int needed = Math.addExact(size, count);
    if (needed > bytes.length) {
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(64, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }
}
