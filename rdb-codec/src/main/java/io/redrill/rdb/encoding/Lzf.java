package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.TooLargeException;
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
  private static final int SLACK = 32;
  private static final String INPUT = "lzf";
  private static final int[] TOKENS = tokens();
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

  /// The size of the array that [#decode] works in.
  ///
  /// @throws TooLargeException if no array has it
  static int workLength(int packedLength, int length) throws TooLargeException {
    long needed = (long) length + packedLength + 2 * SLACK;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new TooLargeException(
          "a packed string and what it stands for (%d bytes) do not fit into one array"
              .formatted(length),
          INPUT,
          0);
    }
    return (int) needed;
  }

  /// Expands all of `packed`, which must give exactly `length` bytes.
  ///
  /// @throws CorruptInputException if it does not; the offset is the one inside `packed`
  /// @throws TooLargeException if both together exceed what an array can hold
  public static byte[] decode(byte[] packed, long length) throws FormatException {
    int checked = checkedLength(packed.length, length);
    byte[] work = new byte[workLength(packed.length, checked)];
    decode(packed, 0, packed.length, work, checked);
    return Arrays.copyOf(work, checked);
  }

  /// Expands the `length` bytes of `packed` from `from` on into the first `outLength` bytes of
  /// `work`, an array of at least [#workLength] bytes, which they must give exactly. The rest of
  /// `work` is left with rubbish.
  ///
  /// The packed bytes are copied behind the room for the others, so that literals and copies are
  /// both a move inside of one array: from where, how far and how much is looked up, as nothing
  /// could foretell a branch. A move is done sixteen bytes at a time and may write a few too many,
  /// for which there is slack.
  ///
  /// @throws CorruptInputException if they do not; the offset is counted from `from`
  static void decode(byte[] packed, int from, int length, byte[] work, int outLength)
      throws CorruptInputException {
    int start = outLength + SLACK;
    int end = start + length;
    Objects.checkIndex(end + SLACK - 1, work.length);
    System.arraycopy(packed, from, work, start, length);
    int at = start;
    int to = 0;
    while (at < end) {
      int token = LittleEndian.getInt(work, at);
      int kind = TOKENS[token & 0xff];
      int count = (kind & 0x3f) + (token >>> 8 & kind >>> 16 & 0xff);
      int distance = ((token << 8 & 0x1f00) | (token >>> (kind >>> 24 & 0x1f) & 0xff)) + 1;
      int isLiteral = kind >> 31;
      int source = ((at + 1) & isLiteral) | ((to - distance) & ~isLiteral);
      int next = at + (kind >>> 8 & 0x3f);
      if (next > end || count > outLength - to || source < 0) {
        throw malformed(isLiteral != 0, next > end, source < 0, at - start);
      }
      if (source < to && to - source < 8) {
        repeat(work, source, to, count);
      } else {
        copy16(work, source, to);
        for (int i = 16; i < count; i += 16) {
          copy16(work, source + i, to + i);
        }
      }
      at = next;
      to += count;
    }
    if (to != outLength) {
      throw corrupt("the bytes end before the claimed length", length);
    }
  }

  private static CorruptInputException malformed(
      boolean isLiteral, boolean isCut, boolean isBeforeStart, int offset) {
    if (isLiteral) {
      return corrupt("literal bytes run over the end", offset);
    }
    return corrupt(
        isCut
            ? "a copy is cut short"
            : isBeforeStart ? "a copy reaches before the start" : "a copy runs over the end",
        offset);
  }

  /// Sixteen bytes, the first eight first.
  private static void copy16(byte[] bytes, int from, int to) {
    LittleEndian.putLong(bytes, to, LittleEndian.getLong(bytes, from));
    LittleEndian.putLong(bytes, to + 8, LittleEndian.getLong(bytes, from + 8));
  }

  /// Copies from less than eight bytes back: what is copied repeats itself.
  private static void repeat(byte[] bytes, int from, int to, int count) {
    for (int i = 0; i < 8; i++) {
      bytes[to + i] = bytes[from + i];
    }
    // Whole periods of these eight follow each other.
    long pattern = LittleEndian.getLong(bytes, to);
    int period = 8 / (to - from) * (to - from);
    for (int next = period; next < count; next += period) {
      LittleEndian.putLong(bytes, to + next, pattern);
    }
  }

  /// What each control byte says: a literal in bit 31, how far to shift the token for the low byte
  /// of a distance in bits 24 to 28, the mask of the byte that adds to the count in bits 16 to 23,
  /// the length of the token in bits 8 to 13, the count in bits 0 to 5.
  private static int[] tokens() {
    int[] tokens = new int[256];
    for (int control = 0; control < 256; control++) {
      int count = control < MAX_LITERALS ? control + 1 : (control >>> 5) + 2;
      if (control < MAX_LITERALS) {
        tokens[control] = 1 << 31 | (1 + count) << 8 | count;
      } else if (control < 0xe0) {
        tokens[control] = 8 << 24 | 2 << 8 | count;
      } else {
        tokens[control] = 16 << 24 | 0xff << 16 | 3 << 8 | count;
      }
    }
    return tokens;
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
    return new CorruptInputException(problem, INPUT, offset);
  }
}
