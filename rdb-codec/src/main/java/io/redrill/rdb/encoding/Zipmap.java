package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The packed hash of servers before 2.6; read only.
///
/// | bytes | what |
/// |---|---|
/// | 1 | number of fields; 254 and 255: walk and count |
/// | ... | field length, field, value length, count of spare bytes (1), value, spare bytes |
/// | 1 | `ff` |
///
/// A length is one byte up to 253, or `fe` and four bytes, little-endian.
public final class Zipmap {

  private static final int END = 0xff;
  private static final int LONG_LENGTH = 0xfe;

  private final byte[] bytes;
  private final int end;
  private final List<byte[]> elements = new ArrayList<>();
  private int at = 1;

  private Zipmap(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length - 1;
  }

  /// Fields and values of the zipmap `bytes` in turn, after a walk that believes none of its
  /// lengths.
  ///
  /// @throws CorruptInputException if it is not whole; the offset is the one inside `bytes`
  public static List<byte[]> elements(byte[] bytes) throws CorruptInputException {
    if (bytes.length < 2) {
      throw new CorruptInputException("a zipmap is shorter than its frame", "zipmap", 0);
    }
    if ((bytes[bytes.length - 1] & 0xff) != END) {
      throw new CorruptInputException(
          "a zipmap does not end with its end byte", "zipmap", bytes.length - 1);
    }
    Zipmap zipmap = new Zipmap(bytes);
    zipmap.walk();
    return zipmap.elements;
  }

  private void walk() throws CorruptInputException {
    while (at < end) {
      int fieldLength = length();
      take(fieldLength);
      int valueLength = length();
      require(1);
      int spare = bytes[at++] & 0xff;
      take(valueLength);
      require(spare);
      at += spare;
    }
    int stored = bytes[0] & 0xff;
    if (stored < LONG_LENGTH && stored != elements.size() / 2) {
      throw new CorruptInputException("a zipmap's count does not match its fields", "zipmap", 0);
    }
  }

  private int length() throws CorruptInputException {
    require(1);
    int first = bytes[at++] & 0xff;
    if (first < LONG_LENGTH) {
      return first;
    }
    if (first == END) {
      throw new CorruptInputException("a zipmap ends before its bytes do", "zipmap", at - 1);
    }
    require(4);
    long length = LittleEndian.getUnsignedInt(bytes, at);
    at += 4;
    require(length);
    return (int) length;
  }

  private void take(int length) throws CorruptInputException {
    require(length);
    elements.add(Arrays.copyOfRange(bytes, at, at + length));
    at += length;
  }

  private void require(long count) throws CorruptInputException {
    if (count > end - at) {
      throw new CorruptInputException("an entry of a zipmap runs over its end", "zipmap", at);
    }
  }
}
