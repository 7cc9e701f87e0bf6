package io.redrill.rdb.encoding;

import java.util.Objects;

/// The hash XXH3 of 128 bits, with seed 0 and the default secret: very fast, well spread, and no
/// defence against somebody who searches for two inputs of one hash.
///
/// An instance holds the last result, so that a hash leaves no garbage behind; it serves one thread
/// at a time. Inputs of up to 240 bytes are done here, longer ones in [Xxh3Long].
public final class Xxh3 {

  static final long PRIME_32_1 = 0x9e3779b1L;
  static final long PRIME_32_2 = 0x85ebca77L;
  static final long PRIME_32_3 = 0xc2b2ae3dL;
  static final long PRIME_64_1 = 0x9e3779b185ebca87L;
  static final long PRIME_64_2 = 0xc2b2ae3d27d4eb4fL;
  static final long PRIME_64_3 = 0x165667b19e3779f9L;
  static final long PRIME_64_4 = 0x85ebca77c2b2ae63L;
  static final long PRIME_64_5 = 0x27d4eb2f165667c5L;
  private static final long PRIME_MIX_1 = 0x165667919e3779f9L;
  private static final long PRIME_MIX_2 = 0x9fb21c651e98df25L;

  private static final int LONGEST_MEDIUM = 240;

  /// The default secret, as the numbers that its bytes are.
  static final long[] SECRET = {
    0xbe4ba423396cfeb8L, 0x1cad21f72c81017cL, 0xdb979083e96dd4deL,
    0x1f67b3b7a4a44072L, 0x78e5c0cc4ee679cbL, 0x2172ffcc7dd05a82L,
    0x8e2443f7744608b8L, 0x4c263a81e69035e0L, 0xcb00c391bb52283cL,
    0xa32e531b8b65d088L, 0x4ef90da297486471L, 0xd8acdea946ef1938L,
    0x3f349ce33f76faa8L, 0x1d4f0bc7c7bbdcf9L, 0x3159b4cd4be0518aL,
    0x647378d9c97e9fc8L, 0xc3ebd33483acc5eaL, 0xeb6313faffa081c5L,
    0x49daf0b751dd0d17L, 0x9e68d429265516d3L, 0xfca1477d58be162bL,
    0xce31d07ad1b8f88fL, 0x280416958f3acb45L, 0x7e404bbbcafbd7afL,
  };

  /// The same, read from its fourth byte on.
  private static final long[] SHIFTED_SECRET = {
    0x81017cbe4ba42339L, 0x6dd4de1cad21f72cL, 0xa44072db979083e9L,
    0xe679cb1f67b3b7a4L, 0xd05a8278e5c0cc4eL, 0x4608b82172ffcc7dL,
    0x9035e08e2443f774L, 0x52283c4c263a81e6L, 0x65d088cb00c391bbL,
    0x486471a32e531b8bL, 0xef19384ef90da297L, 0x76faa8d8acdea946L,
    0xbbdcf93f349ce33fL, 0xe0518a1d4f0bc7c7L, 0x7e9fc83159b4cd4bL,
    0xacc5ea647378d9c9L,
  };

  private static final long EMPTY_LOW = finish64(SECRET[8] ^ SECRET[9]);
  private static final long EMPTY_HIGH = finish64(SECRET[10] ^ SECRET[11]);
  private static final long TINY_LOW = (SECRET[0] ^ SECRET[0] >>> 32) & 0xffff_ffffL;
  private static final long TINY_HIGH = (SECRET[1] ^ SECRET[1] >>> 32) & 0xffff_ffffL;
  private static final long SMALL = SECRET[2] ^ SECRET[3];
  private static final long WORDS_FIRST = SECRET[4] ^ SECRET[5];
  private static final long WORDS_LAST = SECRET[6] ^ SECRET[7];

  private long high;
  private long low;

  /// Holds zero until the first input.
  public Xxh3() {}

  /// The upper half of the last hash.
  public long high() {
    return high;
  }

  /// The lower half of the last hash, which is the 64-bit XXH3 of inputs longer than 240 bytes.
  public long low() {
    return low;
  }

  void set(long newHigh, long newLow) {
    high = newHigh;
    low = newLow;
  }

  /// Hashes `length` bytes of `bytes` from `from` on.
  public void hash(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length <= 16) {
      if (length > 8) {
        words(bytes, from, length);
      } else if (length >= 4) {
        small(bytes, from, length);
      } else {
        tiny(bytes, from, length);
      }
    } else if (length <= 128) {
      medium(bytes, from, length);
    } else if (length <= LONGEST_MEDIUM) {
      large(bytes, from, length);
    } else {
      Xxh3Long.hash(bytes, from, length, this);
    }
  }

  /// 0 to 3 bytes.
  private void tiny(byte[] bytes, int from, int length) {
    if (length == 0) {
      set(EMPTY_HIGH, EMPTY_LOW);
      return;
    }
    int first = bytes[from] & 0xff;
    int middle = bytes[from + (length >> 1)] & 0xff;
    int last = bytes[from + length - 1] & 0xff;
    int joined = middle << 24 | first << 16 | length << 8 | last;
    int turned = Integer.rotateLeft(Integer.reverseBytes(joined), 13);
    low = finish64(TINY_LOW ^ (joined & 0xffff_ffffL));
    high = finish64(TINY_HIGH ^ (turned & 0xffff_ffffL));
  }

  /// 4 to 8 bytes.
  private void small(byte[] bytes, int from, int length) {
    long first = LittleEndian.getUnsignedInt(bytes, from);
    long last = LittleEndian.getUnsignedInt(bytes, from + length - 4);
    long value = SMALL ^ (first | last << 32);
    long factor = PRIME_64_1 + ((long) length << 2);
    long l = value * factor;
    long h = Math.unsignedMultiplyHigh(value, factor) + (l << 1);
    l ^= h >>> 3;
    l = (l ^ l >>> 35) * PRIME_MIX_2;
    low = l ^ l >>> 28;
    high = finish(h);
  }

  /// 9 to 16 bytes.
  private void words(byte[] bytes, int from, int length) {
    long first = LittleEndian.getLong(bytes, from);
    long last = LittleEndian.getLong(bytes, from + length - 8);
    long left = WORDS_FIRST ^ first ^ last;
    long right = WORDS_LAST ^ last;
    long l = left * PRIME_64_1 + ((long) (length - 1) << 54);
    long h =
        Math.unsignedMultiplyHigh(left, PRIME_64_1)
            + right
            + (right & 0xffff_ffffL) * (PRIME_32_2 - 1);
    l ^= Long.reverseBytes(h);
    high = finish(Math.unsignedMultiplyHigh(l, PRIME_64_2) + h * PRIME_64_2);
    low = finish(l * PRIME_64_2);
  }

  /// 17 to 128 bytes: pairs of 16 bytes from both ends, the innermost first.
  private void medium(byte[] bytes, int from, int length) {
    long a = length * PRIME_64_1;
    long b = 0;
    int pair = (length - 1) >> 5;
    while (pair >= 0) {
      int head = from + 16 * pair;
      int tail = from + length - 16 * pair - 16;
      long h0 = LittleEndian.getLong(bytes, head);
      long h1 = LittleEndian.getLong(bytes, head + 8);
      long t0 = LittleEndian.getLong(bytes, tail);
      long t1 = LittleEndian.getLong(bytes, tail + 8);
      a = (a + fold(h0 ^ SECRET[4 * pair], h1 ^ SECRET[4 * pair + 1])) ^ (t0 + t1);
      b = (b + fold(t0 ^ SECRET[4 * pair + 2], t1 ^ SECRET[4 * pair + 3])) ^ (h0 + h1);
      pair--;
    }
    finishMedium(a, b, length);
  }

  /// 129 to 240 bytes: pairs of 16 bytes in their order, then the last 32 with their halves
  /// swapped.
  private void large(byte[] bytes, int from, int length) {
    long a = length * PRIME_64_1;
    long b = 0;
    int chunks = length >> 5;
    for (int i = 0; i < chunks; i++) {
      long[] secret = i < 4 ? SECRET : SHIFTED_SECRET;
      int word = 4 * (i & 3);
      int at = from + 32 * i;
      long h0 = LittleEndian.getLong(bytes, at);
      long h1 = LittleEndian.getLong(bytes, at + 8);
      long t0 = LittleEndian.getLong(bytes, at + 16);
      long t1 = LittleEndian.getLong(bytes, at + 24);
      a = (a + fold(h0 ^ secret[word], h1 ^ secret[word + 1])) ^ (t0 + t1);
      b = (b + fold(t0 ^ secret[word + 2], t1 ^ secret[word + 3])) ^ (h0 + h1);
      if (i == 3) {
        a = finish(a);
        b = finish(b);
      }
    }
    int at = from + length - 32;
    long t0 = LittleEndian.getLong(bytes, at);
    long t1 = LittleEndian.getLong(bytes, at + 8);
    long h0 = LittleEndian.getLong(bytes, at + 16);
    long h1 = LittleEndian.getLong(bytes, at + 24);
    a = (a + fold(h0 ^ 0x4f0bc7c7bbdcf93fL, h1 ^ 0x59b4cd4be0518a1dL)) ^ (t0 + t1);
    b = (b + fold(t0 ^ 0x7378d9c97e9fc831L, t1 ^ 0xebd33483acc5ea64L)) ^ (h0 + h1);
    finishMedium(a, b, length);
  }

  private void finishMedium(long a, long b, int length) {
    low = finish(a + b);
    high = -finish(a * PRIME_64_1 + b * PRIME_64_4 + length * PRIME_64_2);
  }

  /// The halves of the product, folded into one.
  static long fold(long left, long right) {
    return left * right ^ Math.unsignedMultiplyHigh(left, right);
  }

  /// Spreads every bit over all.
  static long finish(long hash) {
    long h = (hash ^ hash >>> 37) * PRIME_MIX_1;
    return h ^ h >>> 32;
  }

  private static long finish64(long hash) {
    long h = (hash ^ hash >>> 33) * PRIME_64_2;
    h = (h ^ h >>> 29) * PRIME_64_3;
    return h ^ h >>> 32;
  }
}
