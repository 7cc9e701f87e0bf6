package io.redrill.rdb.encoding;

/// [Xxh3] of more than 240 bytes: eight sums over stripes of 64 bytes, stirred after every 16.
///
/// Four of the sums go through a block together, then the other four: all eight at once would be
/// too many for the registers.
final class Xxh3Long {

  private static final int STRIPE_BYTES = 64;
  private static final int STRIPES = 16;
  private static final int BLOCK_BYTES = STRIPES * STRIPE_BYTES;

  /// The secret where the last stripe, and where the two halves of the result read it, from bytes
  /// 121, 11 and 117 on.
  private static final long[] LAST_SECRET = {
    0xea647378d9c97e9fL, 0xc5c3ebd33483acc5L, 0x17eb6313faffa081L,
    0xd349daf0b751dd0dL, 0x2b9e68d429265516L, 0x8ffca1477d58be16L,
    0x45ce31d07ad1b8f8L, 0xaf280416958f3acbL,
  };

  private static final long[] LOW_SECRET = {
    0x6dd4de1cad21f72cL, 0xa44072db979083e9L, 0xe679cb1f67b3b7a4L,
    0xd05a8278e5c0cc4eL, 0x4608b82172ffcc7dL, 0x9035e08e2443f774L,
    0x52283c4c263a81e6L, 0x65d088cb00c391bbL,
  };
  private static final long[] HIGH_SECRET = {
    0xd9c97e9fc83159b4L, 0x3483acc5ea647378L, 0xfaffa081c5c3ebd3L,
    0xb751dd0d17eb6313L, 0x29265516d349daf0L, 0x7d58be162b9e68d4L,
    0x7ad1b8f88ffca147L, 0x958f3acb45ce31d0L,
  };

  private long s0 = Xxh3.PRIME_32_3;
  private long s1 = Xxh3.PRIME_64_1;
  private long s2 = Xxh3.PRIME_64_2;
  private long s3 = Xxh3.PRIME_64_3;
  private long s4 = Xxh3.PRIME_64_4;
  private long s5 = Xxh3.PRIME_32_2;
  private long s6 = Xxh3.PRIME_64_5;
  private long s7 = Xxh3.PRIME_32_1;

  private Xxh3Long() {}

  static void hash(byte[] bytes, int from, int length, Xxh3 result) {
    Xxh3Long state = new Xxh3Long(); // does not leave this method, so it costs no allocation
    int at = from;
    int end = from + length;
    for (; end - at > BLOCK_BYTES; at += BLOCK_BYTES) {
      state.addLeft(bytes, at, STRIPES);
      state.addRight(bytes, at, STRIPES);
      state.stir();
    }
    int rest = (end - at - 1) / STRIPE_BYTES;
    state.addLeft(bytes, at, rest);
    state.addRight(bytes, at, rest);
    state.addLast(bytes, end - STRIPE_BYTES);
    result.set(
        state.merge(~(length * Xxh3.PRIME_64_2), HIGH_SECRET),
        state.merge(length * Xxh3.PRIME_64_1, LOW_SECRET));
  }

  /// Takes the first half of each stripe.
  private void addLeft(byte[] bytes, int from, int stripes) {
    long sum0 = s0;
    long sum1 = s1;
    long sum2 = s2;
    long sum3 = s3;
    for (int stripe = 0; stripe < stripes; stripe++) {
      int at = from + stripe * STRIPE_BYTES;
      long d0 = LittleEndian.getLong(bytes, at);
      long d1 = LittleEndian.getLong(bytes, at + 8);
      long d2 = LittleEndian.getLong(bytes, at + 16);
      long d3 = LittleEndian.getLong(bytes, at + 24);
      sum0 += d1 + product(d0 ^ Xxh3.SECRET[stripe]);
      sum1 += d0 + product(d1 ^ Xxh3.SECRET[stripe + 1]);
      sum2 += d3 + product(d2 ^ Xxh3.SECRET[stripe + 2]);
      sum3 += d2 + product(d3 ^ Xxh3.SECRET[stripe + 3]);
    }
    s0 = sum0;
    s1 = sum1;
    s2 = sum2;
    s3 = sum3;
  }

  /// Takes the second half of each stripe.
  private void addRight(byte[] bytes, int from, int stripes) {
    long sum0 = s4;
    long sum1 = s5;
    long sum2 = s6;
    long sum3 = s7;
    for (int stripe = 0; stripe < stripes; stripe++) {
      int at = from + stripe * STRIPE_BYTES + 32;
      long d0 = LittleEndian.getLong(bytes, at);
      long d1 = LittleEndian.getLong(bytes, at + 8);
      long d2 = LittleEndian.getLong(bytes, at + 16);
      long d3 = LittleEndian.getLong(bytes, at + 24);
      sum0 += d1 + product(d0 ^ Xxh3.SECRET[stripe + 4]);
      sum1 += d0 + product(d1 ^ Xxh3.SECRET[stripe + 5]);
      sum2 += d3 + product(d2 ^ Xxh3.SECRET[stripe + 6]);
      sum3 += d2 + product(d3 ^ Xxh3.SECRET[stripe + 7]);
    }
    s4 = sum0;
    s5 = sum1;
    s6 = sum2;
    s7 = sum3;
  }

  /// The last stripe, which may overlap the one before it.
  private void addLast(byte[] bytes, int at) {
    long d0 = LittleEndian.getLong(bytes, at);
    long d1 = LittleEndian.getLong(bytes, at + 8);
    long d2 = LittleEndian.getLong(bytes, at + 16);
    long d3 = LittleEndian.getLong(bytes, at + 24);
    long d4 = LittleEndian.getLong(bytes, at + 32);
    long d5 = LittleEndian.getLong(bytes, at + 40);
    long d6 = LittleEndian.getLong(bytes, at + 48);
    long d7 = LittleEndian.getLong(bytes, at + 56);
    s0 += d1 + product(d0 ^ LAST_SECRET[0]);
    s1 += d0 + product(d1 ^ LAST_SECRET[1]);
    s2 += d3 + product(d2 ^ LAST_SECRET[2]);
    s3 += d2 + product(d3 ^ LAST_SECRET[3]);
    s4 += d5 + product(d4 ^ LAST_SECRET[4]);
    s5 += d4 + product(d5 ^ LAST_SECRET[5]);
    s6 += d7 + product(d6 ^ LAST_SECRET[6]);
    s7 += d6 + product(d7 ^ LAST_SECRET[7]);
  }

  private static long product(long mixed) {
    return (mixed & 0xffff_ffffL) * (mixed >>> 32);
  }

  private void stir() {
    s0 = stirred(s0, Xxh3.SECRET[STRIPES]);
    s1 = stirred(s1, Xxh3.SECRET[STRIPES + 1]);
    s2 = stirred(s2, Xxh3.SECRET[STRIPES + 2]);
    s3 = stirred(s3, Xxh3.SECRET[STRIPES + 3]);
    s4 = stirred(s4, Xxh3.SECRET[STRIPES + 4]);
    s5 = stirred(s5, Xxh3.SECRET[STRIPES + 5]);
    s6 = stirred(s6, Xxh3.SECRET[STRIPES + 6]);
    s7 = stirred(s7, Xxh3.SECRET[STRIPES + 7]);
  }

  private static long stirred(long sum, long secret) {
    return (sum ^ sum >>> 47 ^ secret) * Xxh3.PRIME_32_1;
  }

  private long merge(long start, long[] secret) {
    return Xxh3.finish(
        start
            + Xxh3.fold(s0 ^ secret[0], s1 ^ secret[1])
            + Xxh3.fold(s2 ^ secret[2], s3 ^ secret[3])
            + Xxh3.fold(s4 ^ secret[4], s5 ^ secret[5])
            + Xxh3.fold(s6 ^ secret[6], s7 ^ secret[7]));
  }
}
