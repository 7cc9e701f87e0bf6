package io.redrill.rdb.salvage;

import java.io.IOException;

/// Follows the lengths of a file to where they lead, without reading what lies between.
final class Lengths {

  /// No offset: nothing sensible stands there, or not inside of the file.
  static final long NOWHERE = -1;

  /// One byte of LZF stands for at most so many.
  private static final int MOST_LZF = 88;

  private final FileBytes file;

  Lengths(FileBytes file) {
    this.file = file;
  }

  /// The length at `at`, or less than zero if there is none.
  long length(long at) throws IOException {
    int first = file.peek(at);
    if (first < 0) {
      return NOWHERE;
    }
    return switch (first >>> 6) {
      case 0 -> first;
      case 1 -> (long) (first & 0x3f) << 8 | file.peek(at + 1);
      case 2 ->
          switch (first) {
            case 0x80 -> bigEndian(at + 1, 4);
            case 0x81 -> bigEndian(at + 1, 8);
            default -> NOWHERE;
          };
      default -> NOWHERE;
    };
  }

  /// The offset after the length that stands at `at`.
  long afterLength(long at) throws IOException {
    int first = file.peek(at);
    return switch (first >>> 6) {
      case 0 -> at + 1;
      case 1 -> at + 2;
      default -> first == 0x80 ? at + 5 : at + 9;
    };
  }

  /// The offset after the length at `at`, or [#NOWHERE].
  long skipLength(long at) throws IOException {
    return at == NOWHERE || length(at) < 0 ? NOWHERE : afterLength(at);
  }

  /// The offset after the string at `at`, which lies inside of the file; or [#NOWHERE].
  long skipString(long at) throws IOException {
    if (at == NOWHERE) {
      return NOWHERE;
    }
    int first = file.peek(at);
    if (first >>> 6 == 3 && first > 0) {
      return switch (first) {
        case 0xc0 -> inside(at + 1, 1);
        case 0xc1 -> inside(at + 1, 2);
        case 0xc2 -> inside(at + 1, 4);
        case 0xc3 -> skipPacked(at);
        default -> NOWHERE;
      };
    }
    long length = length(at);
    return length < 0 ? NOWHERE : inside(afterLength(at), length);
  }

  /// Whether a string that [#skipString] does not lead over begins at `at` and leads out of the
  /// file; else its length makes no sense.
  boolean leadsOut(long at) throws IOException {
    int first = file.peek(at);
    return switch (first) {
      case -1, 0xc0, 0xc1, 0xc2 -> true;
      case 0xc3 -> length(at + 1) > 0 && plainBytes(at) > 0;
      default -> length(at) >= 0;
    };
  }

  private long skipPacked(long at) throws IOException {
    long packed = length(at + 1);
    long plain = plainBytes(at);
    return packed <= 0 || plain <= 0 || plain / MOST_LZF > packed
        ? NOWHERE
        : inside(afterLength(afterLength(at + 1)), packed);
  }

  /// How many bytes the string at `at` takes when it is unpacked, as far as it says so; 0 for one
  /// that is not packed.
  long plainBytes(long at) throws IOException {
    if (file.peek(at) != 0xc3) {
      return 0;
    }
    long plainAt = skipLength(at + 1);
    return plainAt == NOWHERE ? NOWHERE : length(plainAt);
  }

  private long bigEndian(long at, int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int b = file.peek(at + i);
      if (b < 0) {
        return NOWHERE;
      }
      value = value << 8 | b;
    }
    return value;
  }

  /// The 8 bytes at `at`, the lowest first; -1 where they are not all there.
  long littleEndian(long at) throws IOException {
    long value = bigEndian(at, Long.BYTES);
    return value == NOWHERE ? NOWHERE : Long.reverseBytes(value);
  }

  private long inside(long from, long length) {
    return length <= file.size() - from ? from + length : NOWHERE;
  }
}
