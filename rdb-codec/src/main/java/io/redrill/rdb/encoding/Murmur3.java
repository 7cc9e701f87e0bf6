package io.redrill.rdb.encoding;

/// The last step of MurmurHash3 for 64 bits, which no two numbers share.
public final class Murmur3 {

  private Murmur3() {}

  /// Mixes `bits`: each bit of the result depends on each of them.
  public static long mix(long bits) {
    long mixed = bits;
    mixed ^= mixed >>> 33;
    mixed *= 0xff51afd7ed558ccdL;
    mixed ^= mixed >>> 33;
    mixed *= 0xc4ceb9fe1a85ec53L;
    mixed ^= mixed >>> 33;
    return mixed;
  }
}
