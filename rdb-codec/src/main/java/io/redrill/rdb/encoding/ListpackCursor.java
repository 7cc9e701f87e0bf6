package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;

/// Walks a [Listpack]; an element's layout is drawn at [ListpackElement].
public final class ListpackCursor implements PackedCursor {

  private byte[] bytes = {};
  private int start;
  private int at;
  private int end;
  private int count;

  /// Begins with nothing.
  public ListpackCursor() {}

  @Override
  public void begin(byte[] bytes, int from, int length) throws CorruptInputException {
    this.bytes = bytes;
    this.start = from;
    this.at = from + Listpack.HEADER_BYTES;
    this.end = from + length - 1;
    this.count = 0;
    if (length < Listpack.HEADER_BYTES + 1) {
      throw corrupt("a listpack is shorter than its header", from);
    }
    if (LittleEndian.getUnsignedInt(bytes, from) != length) {
      throw corrupt("a listpack's length field does not match its length", from);
    }
    if ((bytes[end] & 0xff) != Listpack.END) {
      throw corrupt("a listpack does not end with its end byte", end);
    }
  }

  @Override
  public boolean next(ElementSlot slot) throws CorruptInputException {
    int from = at;
    if (from >= end) {
      checkCount();
      return false;
    }
    count++;
    int first = bytes[from] & 0xff;
    if (first < 0x80) {
      slot.setInteger(first);
      endAt(from, 1);
    } else if (first < 0xc0) {
      int length = first & 0x3f;
      slot.setText(bytes, from + 1, length);
      endAt(from, 1 + length);
    } else {
      large(first, from, slot);
    }
    return true;
  }

  private void large(int first, int from, ElementSlot slot) throws CorruptInputException {
    int head = first < ListpackElement.TEXT_32 ? 2 : first == ListpackElement.TEXT_32 ? 5 : 1;
    if (head > end - from) {
      throw malformed(from);
    }
    if (first >= 0xe0 && first <= ListpackElement.TEXT_32) {
      long length =
          first == ListpackElement.TEXT_32
              ? LittleEndian.getUnsignedInt(bytes, from + 1)
              : (first & 0x0f) << 8 | (bytes[from + 1] & 0xff);
      if (length > end - from - head) {
        throw malformed(from);
      }
      slot.setText(bytes, from + head, (int) length);
      endAt(from, head + (int) length);
      return;
    }
    int size = ListpackElement.integerSize(first);
    if (size == 0 || size > end - from) {
      throw malformed(from);
    }
    slot.setInteger(ListpackElement.integer(bytes, from));
    endAt(from, size);
  }

  /// Takes the length that stands after the element's `size` bytes, and goes on behind it.
  private void endAt(int from, int size) throws CorruptInputException {
    int back = from + size;
    if (size <= 127) {
      if (back >= end || bytes[back] != size) {
        throw malformed(from);
      }
      at = back + 1;
      return;
    }
    int backBytes = ListpackElement.backLengthBytes(size);
    if (backBytes > end - back || !ListpackElement.hasBackLength(bytes, back, backBytes, size)) {
      throw malformed(from);
    }
    at = back + backBytes;
  }

  private void checkCount() throws CorruptInputException {
    int stored = LittleEndian.getUnsignedShort(bytes, start + 4);
    if (stored != Listpack.UNKNOWN_COUNT && stored != count) {
      throw corrupt(
          "a listpack's count (%d) does not match its elements (%d)".formatted(stored, count),
          start + 4);
    }
  }

  private CorruptInputException malformed(int where) {
    return corrupt("an element of a listpack is malformed", where);
  }

  private CorruptInputException corrupt(String problem, int where) {
    return new CorruptInputException(problem, "listpack", where - start);
  }
}
