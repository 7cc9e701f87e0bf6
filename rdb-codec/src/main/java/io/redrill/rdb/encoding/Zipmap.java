package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.List;

/// The packed hash of servers before 2.6; read only.
///
/// | bytes | what |
/// |---|---|
/// | 1 | number of fields; 254: walk and count |
/// | ... | field length, field, value length, count of spare bytes (1), value, spare bytes |
/// | 1 | `ff` |
///
/// A length is one byte up to 253, or `fe` and four bytes, little-endian.
public final class Zipmap implements PackedCursor {

  private static final int END = 0xff;
  private static final int LONG_LENGTH = 0xfe;

  private byte[] bytes = {};
  private int start;
  private int at;
  private int end;
  private int count;

  /// Begins with nothing.
  public Zipmap() {}

  /// Fields and values of the zipmap `bytes` in turn, after a walk that believes none of its
  /// lengths.
  ///
  /// @throws CorruptInputException if it is not whole; the offset is the one inside `bytes`
  public static List<byte[]> elements(byte[] bytes) throws CorruptInputException {
    return PackedElements.of(new Zipmap(), bytes);
  }

  @Override
  public void begin(byte[] bytes, int from, int length) throws CorruptInputException {
    this.bytes = bytes;
    this.start = from;
    this.at = from + 1;
    this.end = from + length - 1;
    this.count = 0;
    if (length < 2) {
      throw corrupt("a zipmap is shorter than its frame", from);
    }
    if ((bytes[end] & 0xff) != END) {
      throw corrupt("a zipmap does not end with its end byte", end);
    }
  }

  /// Fields and values come in turn.
  @Override
  public boolean next(ElementSlot slot) throws CorruptInputException {
    boolean isValue = (count & 1) == 1;
    if (at >= end && !isValue) {
      int stored = bytes[start] & 0xff;
      if (stored != LONG_LENGTH && stored != count / 2) {
        throw corrupt(
            "a zipmap's count (%d) does not match its fields (%d)".formatted(stored, count / 2),
            start);
      }
      return false;
    }
    int length = length();
    int spare = 0;
    if (isValue) {
      require(1);
      spare = bytes[at++] & 0xff;
    }
    require((long) length + spare);
    slot.setText(bytes, at, length);
    at += length + spare;
    count++;
    return true;
  }

  private int length() throws CorruptInputException {
    require(1);
    int first = bytes[at++] & 0xff;
    if (first < LONG_LENGTH) {
      return first;
    }
    if (first == END) {
      throw corrupt("a zipmap ends before its bytes do", at - 1);
    }
    require(4);
    long length = LittleEndian.getUnsignedInt(bytes, at);
    at += 4;
    require(length);
    return (int) length;
  }

  private void require(long needed) throws CorruptInputException {
    if (needed > end - at) {
      throw corrupt("an entry of a zipmap runs over its end", at);
    }
  }

  private CorruptInputException corrupt(String problem, int where) {
    return new CorruptInputException(problem, "zipmap", where - start);
  }
}
