package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.Arrays;
import java.util.Objects;

/// The LZF compression of RDB strings.
///
/// | control byte | what follows |
/// |---|---|
/// | `000nnnnn` | n + 1 literal bytes |
/// | `lllddddd dddddddd` | copy of l + 2 bytes (l is 1 to 6) from d + 1 bytes back |
/// | `111ddddd nnnnnnnn dddddddd` | copy of n + 9 bytes from d + 1 bytes back |
///
/// A copy may overlap its own output, which repeats a pattern.
public final class Lzf {

  /// The most output bytes that one input byte can stand for: a three-byte copy gives 264.
  private static final int MAX_RATIO = 88;

  private static final int MAX_LITERALS = 32;
  private static final int MAX_MATCH = 264;
  private static final int MAX_DISTANCE = 1 << 13;
  private static final int LEAST_HASH_BITS = 7;
  private static final int MOST_HASH_BITS = 14;

  private Lzf() {}

  /// Tells whether `packedLength` bytes can stand for `length`, before anything is allocated.
  ///
  /// @return `length`
  /// @throws CorruptInputException if they cannot
  static int checkedLength(int packedLength, long length) throws CorruptInputException {
    if (length < 0 || length > (long) packedLength * MAX_RATIO || length > Integer.MAX_VALUE - 8) {
      throw corrupt(
          "the claimed length (%d) cannot come from so few bytes (%d)"
              .formatted(length, packedLength),
          0);
    }
    return (int) length;
  }

  /// Expands all of `packed`, which must give exactly `length` bytes.
  ///
  /// @throws CorruptInputException if it does not; the offset is the one inside `packed`
  public static byte[] decode(byte[] packed, long length) throws CorruptInputException {
    byte[] out = new byte[checkedLength(packed.length, length)];
    decode(packed, 0, packed.length, out, 0, out.length);
    return out;
  }

  /// Expands the `length` bytes of `packed` from `from` on into `out` from `outFrom` on, where they
  /// must give exactly `outLength` bytes. Nothing outside of these is touched; what is inside of
  /// them holds rubbish after a failure.
  ///
  /// @return the end of the expanded bytes in `out`
  /// @throws CorruptInputException if they do not; the offset is counted from `from`
  public static int decode(
      byte[] packed, int from, int length, byte[] out, int outFrom, int outLength)
      throws CorruptInputException {
    int end = Objects.checkFromIndexSize(from, length, packed.length) + length;
    int outEnd = Objects.checkFromIndexSize(outFrom, outLength, out.length) + outLength;
    int at = from;
    int to = outFrom;
    while (at < end) {
      int start = at;
      int control = packed[at++] & 0xff;
      if (control < MAX_LITERALS) {
        int count = control + 1;
        if (end - at >= MAX_LITERALS && outEnd - to >= MAX_LITERALS) {
          copy16(packed, at, out, to);
          if (count > 16) {
            copy16(packed, at + 16, out, to + 16);
          }
        } else {
          if (count > end - at || count > outEnd - to) {
            throw corrupt("literal bytes run over the end", start - from);
          }
          System.arraycopy(packed, at, out, to, count);
        }
        at += count;
        to += count;
        continue;
      }
      int isLong = (0xdf - control) >>> 31; // without a branch, which nothing could foretell
      if (end - at <= isLong) {
        throw corrupt("a copy is cut short", start - from);
      }
      int count = (control >>> 5) + 2 + (packed[at] & 0xff & -isLong);
      at += isLong;
      int distance = ((control & 0x1f) << 8 | (packed[at++] & 0xff)) + 1;
      int source = to - distance;
      if (source < outFrom) {
        throw corrupt("a copy reaches before the start", start - from);
      }
      if (count > outEnd - to) {
        throw corrupt("a copy runs over the end", start - from);
      }
      if (distance >= 8 && outEnd - to >= count + 15) {
        copy16(out, source, out, to);
        for (int i = 16; i < count; i += 16) {
          copy16(out, source + i, out, to + i);
        }
      } else {
        repeat(out, to, distance, count, outEnd);
      }
      to += count;
    }
    if (to != outEnd) {
      throw corrupt("the bytes end before the claimed length", length);
    }
    return to;
  }

  /// Sixteen bytes, the first eight first.
  private static void copy16(byte[] in, int from, byte[] out, int to) {
    LittleEndian.putLong(out, to, LittleEndian.getLong(in, from));
    LittleEndian.putLong(out, to + 8, LittleEndian.getLong(in, from + 8));
  }

  /// Copies what may overlap its own output, or comes so late that eight bytes at a time would run
  /// over the end.
  private static void repeat(byte[] out, int to, int distance, int count, int end) {
    int i = 0;
    boolean singly = distance > 8 || end - to < count + 7;
    for (; i < count && (i < 8 || singly); i++) {
      out[to + i] = out[to - distance + i];
    }
    if (i < count) {
      // Eight bytes are there by now: whole periods of them follow each other.
      long pattern = LittleEndian.getLong(out, to);
      int period = 8 / distance * distance;
      for (int next = period; next < count; next += period) {
        LittleEndian.putLong(out, to + next, pattern);
      }
    }
  }

  /// Packs `plain` into at most `limit` bytes. An empty array says that they do not suffice.
  public static byte[] encode(byte[] plain, int limit) {
    byte[] out = new byte[Math.max(0, Math.min(limit, plain.length))];
    int shift = 32 - hashBits(plain.length);
    int[] heads = new int[1 << (32 - shift)]; // position + 1 of the last three bytes of that hash
    int to = 0;
    int literals = 0; // first byte that is not yet written
    int at = 0;
    while (at + 2 < plain.length) {
      int hash = hash(plain, at, shift);
      int candidate = heads[hash] - 1;
      heads[hash] = at + 1;
      if (candidate < 0 || at - candidate > MAX_DISTANCE || !sameThree(plain, candidate, at)) {
        at++;
        continue;
      }
      int most = Math.min(MAX_MATCH, plain.length - at);
      int count = 3 + sameBytes(plain, candidate + 3, at + 3, most - 3);
      to = putLiterals(plain, literals, at, out, to);
      if (to < 0 || to + 3 > out.length) {
        return new byte[0];
      }
      to = putCopy(out, to, count, at - candidate - 1);
      for (int next = at + 1; next < at + count && next + 2 < plain.length; next++) {
        heads[hash(plain, next, shift)] = next + 1;
      }
      at += count;
      literals = at;
    }
    to = putLiterals(plain, literals, plain.length, out, to);
    return to < 0 ? new byte[0] : Arrays.copyOf(out, to);
  }

  /// A table about twice as large as the string: for the many short ones, clearing the largest
  /// table would cost far more than packing.
  private static int hashBits(int length) {
    int bits = 33 - Integer.numberOfLeadingZeros(length);
    return Math.clamp(bits, LEAST_HASH_BITS, MOST_HASH_BITS);
  }

  private static int hash(byte[] bytes, int at, int shift) {
    return (three(bytes, at) * 0x9E3779B1) >>> shift;
  }

  private static boolean sameThree(byte[] bytes, int a, int b) {
    return three(bytes, a) == three(bytes, b);
  }

  private static int three(byte[] bytes, int at) {
    return LittleEndian.getUnsignedShort(bytes, at) | (bytes[at + 2] & 0xff) << 16;
  }

  /// How many bytes from `a` and from `b` on are the same, up to `most`.
  private static int sameBytes(byte[] bytes, int a, int b, int most) {
    int count = 0;
    for (; count <= most - 8; count += 8) {
      long differing =
          LittleEndian.getLong(bytes, a + count) ^ LittleEndian.getLong(bytes, b + count);
      if (differing != 0) {
        return count + (Long.numberOfTrailingZeros(differing) >>> 3);
      }
    }
    while (count < most && bytes[a + count] == bytes[b + count]) {
      count++;
    }
    return count;
  }

  /// Returns the new end of `out`, or -1 if there is no room.
  private static int putLiterals(byte[] plain, int from, int end, byte[] out, int to) {
    int at = to;
    for (int next = from; next < end; ) {
      int count = Math.min(MAX_LITERALS, end - next);
      if (at + 1 + count > out.length) {
        return -1;
      }
      out[at++] = (byte) (count - 1);
      System.arraycopy(plain, next, out, at, count);
      at += count;
      next += count;
    }
    return at;
  }

  private static int putCopy(byte[] out, int to, int count, int distance) {
    int at = to;
    int length = count - 2;
    if (length < 7) {
      out[at++] = (byte) (length << 5 | distance >>> 8);
    } else {
      out[at++] = (byte) (7 << 5 | distance >>> 8);
      out[at++] = (byte) (length - 7);
    }
    out[at++] = (byte) distance;
    return at;
  }

  private static CorruptInputException corrupt(String problem, int offset) {
    return new CorruptInputException(problem, "lzf", offset);
  }
}
