package io.redrill.server.command;

import io.redrill.rdb.encoding.LittleEndian;

/// MurmurHash2 in its 64-bit form for 64-bit machines, by Austin Appleby: what HyperLogLogs hash
/// their elements with.
final class MurmurHash64A {

  private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;
  private static final int SHIFT = 47;

  private MurmurHash64A() {}

  static long hash(byte[] bytes, long seed) {
    long hash = seed ^ bytes.length * MULTIPLIER;
    int at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
      long word = LittleEndian.getLong(bytes, at) * MULTIPLIER;
      word ^= word >>> SHIFT;
      hash = (hash ^ word * MULTIPLIER) * MULTIPLIER;
    }
    if (at < bytes.length) {
      for (int i = bytes.length - 1; i >= at; i--) {
        hash ^= (bytes[i] & 0xffL) << (8 * (i - at));
      }
      hash *= MULTIPLIER;
    }
    hash ^= hash >>> SHIFT;
    hash *= MULTIPLIER;
    return hash ^ hash >>> SHIFT;
  }
}
