package io.redrill.rdb.encoding;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.TooLargeException;

/// A place for one element at a time, as a cursor or a reader fills it: an integer or a text.
///
/// Nothing is allocated per element: texts are shown where they lie, and what has to be made (the
/// text of an integer, what LZF packed) goes into an array of the slot's own that grows to the
/// largest. What the slot shows is right until it is filled again.
public final class ElementSlot {

  private static final int INTEGER_TEXT_BYTES = 20;

  private final ByteSlice slice = new ByteSlice();
  private byte[] scratch = new byte[64];
  private boolean isInteger;
  private boolean hasText;
  private long integer;

  /// Begins with an empty text.
  public ElementSlot() {}

  /// Takes the integer `value`.
  public void setInteger(long value) {
    isInteger = true;
    hasText = false;
    integer = value;
  }

  /// Takes `length` bytes of `array` from `offset` on, without copying them.
  public void setText(byte[] array, int offset, int length) {
    isInteger = false;
    slice.set(array, offset, length);
  }

  /// Takes what `packedLength` bytes of `packed` from `from` on are in LZF: `length` bytes.
  ///
  /// @throws CorruptInputException if they are not
  /// @throws TooLargeException if both together exceed what an array can hold
  public void setPacked(byte[] packed, int from, int packedLength, long length)
      throws FormatException {
    int checked = Lzf.checkedLength(packedLength, length);
    int needed = Lzf.workLength(packedLength, checked);
    if (scratch.length < needed) {
      scratch = new byte[needed];
    }
    Lzf.decode(packed, from, packedLength, scratch, checked);
    setText(scratch, 0, checked);
  }

  /// Whether the element was stored as an integer.
  public boolean isInteger() {
    return isInteger;
  }

  /// The integer; only where [#isInteger] holds.
  public long integer() {
    return integer;
  }

  /// The element as text, an integer as its decimal. The slice is the same at every call.
  public ByteSlice text() {
    if (isInteger && !hasText) {
      if (scratch.length < INTEGER_TEXT_BYTES) {
        scratch = new byte[INTEGER_TEXT_BYTES];
      }
      slice.set(scratch, 0, DecimalText.put(integer, scratch, 0));
      hasText = true;
    }
    return slice;
  }
}
