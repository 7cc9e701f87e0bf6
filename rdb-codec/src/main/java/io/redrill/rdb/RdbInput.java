package io.redrill.rdb;

import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.ElementSlot;
import io.redrill.rdb.encoding.Lzf;
import java.io.EOFException;
import java.io.IOException;

/// The primitives of RDB over a [ByteInput]: lengths, strings and floating-point numbers.
///
/// | first byte | meaning |
/// |---|---|
/// | `00llllll` | length |
/// | `01llllll llllllll` | length, high bits first |
/// | `80` + 4 | length, big-endian |
/// | `81` + 8 | length, big-endian |
/// | `c0` + 1, `c1` + 2, `c2` + 4 | a string: the decimal text of a little-endian integer |
/// | `c3` | a string in LZF: packed length, length, packed bytes |
final class RdbInput {

  private static final int INT_8 = 0xc0;
  private static final int INT_16 = 0xc1;
  private static final int INT_32 = 0xc2;
  private static final int LZF = 0xc3;

  private final ByteInput in;
  private final ByteSlice taken = new ByteSlice();

  RdbInput(ByteInput in) {
    this.in = in;
  }

  ByteInput bytes() {
    return in;
  }

  /// A length, or any other number stored as one: all 64 bits count.
  long length() throws IOException {
    return length(in.readByte());
  }

  private long length(int first) throws IOException {
    return switch (first >>> 6) {
      case 0 -> first;
      case 1 -> (first & 0x3f) << 8 | in.readByte();
      default ->
          switch (first) {
            case 0x80 -> Integer.reverseBytes(in.readIntLittleEndian()) & 0xffff_ffffL;
            case 0x81 -> Long.reverseBytes(in.readLongLittleEndian());
            default -> throw corrupt("a length is malformed");
          };
    };
  }

  /// A length that counts things to come, so that it cannot be negative.
  long count() throws IOException {
    return nonNegative(length());
  }

  /// As above, of things of `bytes` each, all of which together fit into a file.
  long countOf(int bytes) throws IOException {
    long count = count();
    if (count > Long.MAX_VALUE / bytes) {
      throw corrupt("a length is impossibly large");
    }
    return count;
  }

  /// A small number that chooses between forms; -1 stands for any that is not small.
  int tag() throws IOException {
    long tag = length();
    return tag >= 0 && tag <= 0xff ? (int) tag : -1;
  }

  private long nonNegative(long count) throws CorruptInputException {
    if (count < 0) {
      throw corrupt("a length is impossibly large");
    }
    return count;
  }

  void skipString() throws IOException {
    int first = in.readByte();
    switch (first) {
      case INT_8 -> in.skip(1);
      case INT_16 -> in.skip(2);
      case INT_32 -> in.skip(4);
      case LZF -> {
        long packed = count();
        count();
        in.skip(packed);
      }
      default -> in.skip(nonNegative(length(first)));
    }
  }

  byte[] string() throws IOException {
    int first = in.readByte();
    return switch (first) {
      case INT_8 -> DecimalText.of((byte) in.readByte());
      case INT_16 -> DecimalText.of((short) (in.readByte() | in.readByte() << 8));
      case INT_32 -> DecimalText.of(in.readIntLittleEndian());
      case LZF -> {
        long packed = count();
        long length = count();
        byte[] bytes = in.readBytes(arrayLength(packed));
        yield Lzf.decode(bytes, length);
      }
      default -> in.readBytes(arrayLength(nonNegative(length(first))));
    };
  }

  /// Shows the next string in `slot`, without a copy where it is stored as it is: until the next
  /// read, or for good where the input is an array.
  ///
  /// @throws EOFException if the input ends before
  void string(ElementSlot slot) throws IOException {
    int first = in.readByte();
    switch (first) {
      case INT_8 -> slot.setInteger((byte) in.readByte());
      case INT_16 -> slot.setInteger((short) (in.readByte() | in.readByte() << 8));
      case INT_32 -> slot.setInteger(in.readIntLittleEndian());
      case LZF -> {
        long packed = count();
        long length = count();
        take(packed);
        slot.setPacked(taken.array(), taken.offset(), taken.length(), length);
      }
      default -> {
        take(nonNegative(first < 0x40 ? first : length(first)));
        slot.setText(taken.array(), taken.offset(), taken.length());
      }
    }
  }

  private void take(long length) throws IOException {
    if (!in.ensure(length)) {
      throw new EOFException(in.name());
    }
    in.take((int) length, taken);
  }

  private int arrayLength(long length) throws TooLargeException {
    if (length > Integer.MAX_VALUE - 8) {
      throw new TooLargeException("a string is longer than 2 GiB", in.name(), in.offset());
    }
    return (int) length;
  }

  /// The double of type 3: a length byte and as many characters, or one of three special lengths.
  double textDouble() throws IOException {
    int length = in.readByte();
    return switch (length) {
      case 253 -> Double.NaN;
      case 254 -> Double.POSITIVE_INFINITY;
      case 255 -> Double.NEGATIVE_INFINITY;
      default ->
          DoubleText.parse(in.readBytes(length)).orElseThrow(() -> corrupt("a score is no number"));
    };
  }

  /// A number of 8 bytes, big-endian, as the halves of a raw stream id are, so that ids sort.
  long bigEndianLong() throws IOException {
    return Long.reverseBytes(in.readLongLittleEndian());
  }

  void skipTextDouble() throws IOException {
    int length = in.readByte();
    if (length < 253) {
      in.skip(length);
    }
  }

  double binaryDouble() throws IOException {
    return Double.longBitsToDouble(in.readLongLittleEndian());
  }

  CorruptInputException corrupt(String problem) {
    return new CorruptInputException(problem, in.name(), in.offset());
  }
}
