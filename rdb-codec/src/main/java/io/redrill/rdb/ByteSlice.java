package io.redrill.rdb;

import java.util.Arrays;

/// A stretch of bytes inside an array that belongs to somebody else: lent, not given.
///
/// A reader shows one piece after the other through the same slice. What it shows is right until
/// the next call of the reader that lent it; who needs it longer takes [#toByteArray]. The bytes
/// are never to be changed.
public final class ByteSlice {

  private static final byte[] NOTHING = {};

  private byte[] array = NOTHING;
  private int offset;
  private int length;

  /// Begins with no bytes.
  public ByteSlice() {}

  /// Shows all of `bytes`.
  public static ByteSlice of(byte[] bytes) {
    ByteSlice slice = new ByteSlice();
    slice.set(bytes, 0, bytes.length);
    return slice;
  }

  /// Shows `length` bytes of `array` from `offset` on.
  public void set(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /// The array that holds the bytes, from [#offset()] on.
  public byte[] array() {
    return array;
  }

  /// Where in [#array()] the bytes begin.
  public int offset() {
    return offset;
  }

  /// How many bytes there are.
  public int length() {
    return length;
  }

  /// The byte at `index`, counted from the beginning of the slice.
  public byte get(int index) {
    return array[offset + index];
  }

  /// The bytes in an array of their own.
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /// Whether the bytes are those of `other`.
  public boolean hasBytes(byte[] other) {
    return Arrays.equals(array, offset, offset + length, other, 0, other.length);
  }
}
