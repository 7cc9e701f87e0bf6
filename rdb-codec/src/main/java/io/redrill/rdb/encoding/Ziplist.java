package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.List;

/// The packed list of servers before 7.0; read only.
///
/// | bytes | what |
/// |---|---|
/// | 4 | total bytes, little-endian as all of the frame |
/// | 4 | offset of the last entry |
/// | 2 | number of entries; 65535: walk and count |
/// | ... | entries |
/// | 1 | `ff` |
///
/// An entry is the length of the entry before it (one byte, or `fe` and four), then:
///
/// | first byte | what |
/// |---|---|
/// | `00llllll` | text of l bytes |
/// | `01llllll llllllll` | text, its length with the high bits first |
/// | `80` + 4 | text, its length *big*-endian |
/// | `c0`, `f0`, `d0`, `e0` | integer of 2, 3, 4, 8 bytes |
/// | `fe` | integer of 1 byte |
/// | `f1` to `fd` | the integers 0 to 12 |
public final class Ziplist implements PackedCursor {

  private static final int HEADER_BYTES = 10;
  private static final int END = 0xff;
  private static final int LONG_PREVIOUS = 0xfe;
  private static final int UNKNOWN_COUNT = 65535;

  private byte[] bytes = {};
  private int start;
  private int at;
  private int end;
  private int last;
  private int previousLength;
  private int count;

  /// Begins with nothing.
  public Ziplist() {}

  /// The elements of the ziplist `bytes` as text, after a walk that believes none of its lengths.
  ///
  /// @throws CorruptInputException if it is not whole; the offset is the one inside `bytes`
  public static List<byte[]> elements(byte[] bytes) throws CorruptInputException {
    return PackedElements.of(new Ziplist(), bytes);
  }

  @Override
  public void begin(byte[] bytes, int from, int length) throws CorruptInputException {
    this.bytes = bytes;
    this.start = from;
    this.at = from + HEADER_BYTES;
    this.last = at;
    this.end = from + length - 1;
    this.previousLength = 0;
    this.count = 0;
    if (length < HEADER_BYTES + 1) {
      throw corrupt("a ziplist is shorter than its header", from);
    }
    if (LittleEndian.getUnsignedInt(bytes, from) != length) {
      throw corrupt("a ziplist's length field does not match its length", from);
    }
    if ((bytes[end] & 0xff) != END) {
      throw corrupt("a ziplist does not end with its end byte", end);
    }
  }

  @Override
  public boolean next(ElementSlot slot) throws CorruptInputException {
    if (at >= end) {
      checkEnd();
      return false;
    }
    last = at;
    at = entry(at, slot);
    previousLength = at - last;
    count++;
    return true;
  }

  private void checkEnd() throws CorruptInputException {
    if (LittleEndian.getUnsignedInt(bytes, start + 4) != last - start) {
      throw corrupt("a ziplist's tail offset does not point at its last entry", start + 4);
    }
    int stored = LittleEndian.getUnsignedShort(bytes, start + 8);
    if (stored != UNKNOWN_COUNT && stored != count) {
      throw corrupt(
          "a ziplist's count (%d) does not match its entries (%d)".formatted(stored, count),
          start + 8);
    }
  }

  /// Takes the entry at `from` and returns where the next one begins.
  private int entry(int from, ElementSlot slot) throws CorruptInputException {
    int to = from;
    long previous = bytes[to] & 0xff;
    to++;
    if (previous == LONG_PREVIOUS) {
      require(to, 4, from);
      previous = LittleEndian.getUnsignedInt(bytes, to);
      to += 4;
    }
    if (previous != previousLength) {
      throw corrupt("an entry of a ziplist gives a wrong length of the one before", from);
    }
    require(to, 1, from);
    int first = bytes[to] & 0xff;
    to++;
    return first < 0xc0 ? text(first, to, from, slot) : integer(first, to, from, slot);
  }

  private int text(int first, int afterFirst, int from, ElementSlot slot)
      throws CorruptInputException {
    int to = afterFirst;
    long length = first & 0x3f;
    if (first >= 0x80) {
      require(to, 4, from);
      length = Integer.reverseBytes(LittleEndian.getInt(bytes, to)) & 0xffff_ffffL;
      to += 4;
    } else if (first >= 0x40) {
      require(to, 1, from);
      length = length << 8 | (bytes[to] & 0xff);
      to++;
    }
    require(to, length, from);
    slot.setText(bytes, to, (int) length);
    return to + (int) length;
  }

  private int integer(int first, int to, int from, ElementSlot slot) throws CorruptInputException {
    int width =
        switch (first) {
          case 0xc0 -> 2;
          case 0xf0 -> 3;
          case 0xd0 -> 4;
          case 0xe0 -> 8;
          case 0xfe -> 1;
          default -> 0;
        };
    if (width == 0 && (first < 0xf1 || first > 0xfd)) {
      throw corrupt("an entry of a ziplist has an unknown encoding", from);
    }
    require(to, width, from);
    slot.setInteger(
        switch (width) {
          case 1 -> bytes[to];
          case 2 -> LittleEndian.getShort(bytes, to);
          case 3 -> LittleEndian.getMedium(bytes, to);
          case 4 -> LittleEndian.getInt(bytes, to);
          case 8 -> LittleEndian.getLong(bytes, to);
          default -> first - 0xf1;
        });
    return to + width;
  }

  private void require(int where, long needed, int from) throws CorruptInputException {
    if (needed > end - where) {
      throw corrupt("an entry of a ziplist runs over its end", from);
    }
  }

  private CorruptInputException corrupt(String problem, int where) {
    return new CorruptInputException(problem, "ziplist", where - start);
  }
}
