package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.ArrayList;
import java.util.Arrays;
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
public final class Ziplist {

  private static final int HEADER_BYTES = 10;
  private static final int END = 0xff;
  private static final int LONG_PREVIOUS = 0xfe;
  private static final int UNKNOWN_COUNT = 65535;

  private final byte[] bytes;
  private final int end;
  private final List<byte[]> elements = new ArrayList<>();

  private Ziplist(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length - 1;
  }

  /// The elements of the ziplist `bytes` as text, after a walk that believes none of its lengths.
  ///
  /// @throws CorruptInputException if it is not whole; the offset is the one inside `bytes`
  public static List<byte[]> elements(byte[] bytes) throws CorruptInputException {
    if (bytes.length < HEADER_BYTES + 1) {
      throw corrupt("a ziplist is shorter than its header", 0);
    }
    if (LittleEndian.getUnsignedInt(bytes, 0) != bytes.length) {
      throw corrupt("a ziplist's length field does not match its length", 0);
    }
    if ((bytes[bytes.length - 1] & 0xff) != END) {
      throw corrupt("a ziplist does not end with its end byte", bytes.length - 1);
    }
    Ziplist ziplist = new Ziplist(bytes);
    ziplist.walk();
    return ziplist.elements;
  }

  private void walk() throws CorruptInputException {
    int at = HEADER_BYTES;
    int last = HEADER_BYTES;
    int previousLength = 0;
    while (at < end) {
      last = at;
      int next = entry(at, previousLength);
      previousLength = next - at;
      at = next;
    }
    if (LittleEndian.getUnsignedInt(bytes, 4) != last) {
      throw corrupt("a ziplist's tail offset does not point at its last entry", 4);
    }
    int stored = LittleEndian.getUnsignedShort(bytes, 8);
    if (stored != UNKNOWN_COUNT && stored != elements.size()) {
      throw corrupt("a ziplist's count does not match its entries", 8);
    }
  }

  /// Takes the entry at `start` and returns where the next one begins.
  private int entry(int start, int previousLength) throws CorruptInputException {
    int at = start;
    long previous = bytes[at] & 0xff;
    at++;
    if (previous == LONG_PREVIOUS) {
      require(at, 4, start);
      previous = LittleEndian.getUnsignedInt(bytes, at);
      at += 4;
    }
    if (previous != previousLength) {
      throw corrupt("an entry of a ziplist gives a wrong length of the one before", start);
    }
    require(at, 1, start);
    int first = bytes[at] & 0xff;
    at++;
    return first < 0xc0 ? text(first, at, start) : integer(first, at, start);
  }

  private int text(int first, int afterFirst, int start) throws CorruptInputException {
    int at = afterFirst;
    long length = first & 0x3f;
    if (first >= 0x80) {
      require(at, 4, start);
      length = Integer.reverseBytes(LittleEndian.getInt(bytes, at)) & 0xffff_ffffL;
      at += 4;
    } else if (first >= 0x40) {
      require(at, 1, start);
      length = length << 8 | (bytes[at] & 0xff);
      at++;
    }
    require(at, length, start);
    elements.add(Arrays.copyOfRange(bytes, at, at + (int) length));
    return at + (int) length;
  }

  private int integer(int first, int at, int start) throws CorruptInputException {
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
      throw corrupt("an entry of a ziplist has an unknown encoding", start);
    }
    require(at, width, start);
    long value =
        switch (width) {
          case 1 -> bytes[at];
          case 2 -> LittleEndian.getShort(bytes, at);
          case 3 -> LittleEndian.getMedium(bytes, at);
          case 4 -> LittleEndian.getInt(bytes, at);
          case 8 -> LittleEndian.getLong(bytes, at);
          default -> first - 0xf1;
        };
    elements.add(DecimalText.of(value));
    return at + width;
  }

  private void require(int at, long count, int start) throws CorruptInputException {
    if (count > end - at) {
      throw corrupt("an entry of a ziplist runs over its end", start);
    }
  }

  private static CorruptInputException corrupt(String problem, int offset) {
    return new CorruptInputException(problem, "ziplist", offset);
  }
}
