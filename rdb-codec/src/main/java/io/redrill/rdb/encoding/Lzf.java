package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.Arrays;

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

  /// Expands all of `packed`, which must give exactly `length` bytes.
  ///
  /// @throws CorruptInputException if it does not; the offset is the one inside `packed`
  public static byte[] decode(byte[] packed, long length) throws CorruptInputException {
    if (length < 0 || length > (long) packed.length * MAX_RATIO || length > Integer.MAX_VALUE - 8) {
      throw corrupt("the claimed length cannot come from so few bytes", 0);
    }
    byte[] out = new byte[(int) length];
    int from = 0;
    int to = 0;
    while (from < packed.length) {
      int start = from;
      int control = packed[from++] & 0xff;
      if (control < MAX_LITERALS) {
        int count = control + 1;
        if (count > packed.length - from || count > out.length - to) {
          throw corrupt("literal bytes run over the end", start);
        }
        System.arraycopy(packed, from, out, to, count);
        from += count;
        to += count;
        continue;
      }
      boolean isLong = control >>> 5 == 7;
      if (packed.length - from < (isLong ? 2 : 1)) {
        throw corrupt("a copy is cut short", start);
      }
      int count = (control >>> 5) + 2 + (isLong ? packed[from++] & 0xff : 0);
      int distance = ((control & 0x1f) << 8 | (packed[from++] & 0xff)) + 1;
      if (distance > to) {
        throw corrupt("a copy reaches before the start", start);
      }
      if (count > out.length - to) {
        throw corrupt("a copy runs over the end", start);
      }
      copy(out, to - distance, to, count);
      to += count;
    }
    if (to != out.length) {
      throw corrupt("the bytes end before the claimed length", packed.length);
    }
    return out;
  }

  private static void copy(byte[] bytes, int from, int to, int count) {
    if (from + count <= to) {
      System.arraycopy(bytes, from, bytes, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      bytes[to + i] = bytes[from + i];
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
      int count = 3;
      int most = Math.min(MAX_MATCH, plain.length - at);
      while (count < most && plain[candidate + count] == plain[at + count]) {
        count++;
      }
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
    int three = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    return (three * 0x9E3779B1) >>> shift;
  }

  private static boolean sameThree(byte[] bytes, int a, int b) {
    return bytes[a] == bytes[b] && bytes[a + 1] == bytes[b + 1] && bytes[a + 2] == bytes[b + 2];
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
