package io.redrill.rdb.digest;

import io.redrill.rdb.encoding.LittleEndian;
import java.util.Arrays;

/// Bytes being put together to be hashed with MurmurHash3 (x64, 128 bits, seed 0).
///
/// The hash is meant to tell data sets apart, not to withstand somebody who searches for two that
/// look alike.
final class HashedBytes {

  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;
  private static final int BLOCK_BYTES = 16;

  private byte[] bytes = new byte[256];
  private int size;

  void clear() {
    size = 0;
  }

  void put(long value) {
    room(8);
    LittleEndian.putLong(bytes, size, value);
    size += 8;
  }

  /// The length, then the bytes, so that neighbours cannot run into each other.
  void put(byte[] added) {
    put(added.length);
    room(added.length);
    System.arraycopy(added, 0, bytes, size, added.length);
    size += added.length;
  }

  void put(Digest128 digest) {
    put(digest.high());
    put(digest.low());
  }

  private void room(int count) {
    int needed = Math.addExact(size, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, needed * 2L));
    }
  }

  /// The hash of what has been put since [#clear].
  Digest128 hash() {
    return hash(bytes, size);
  }

  static Digest128 hash(byte[] bytes, int length) {
    long h1 = 0;
    long h2 = 0;
    int at = 0;
    for (; at <= length - BLOCK_BYTES; at += BLOCK_BYTES) {
      h1 ^= mixFirst(LittleEndian.getLong(bytes, at));
      h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
      h2 ^= mixSecond(LittleEndian.getLong(bytes, at + 8));
      h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
    }
    h2 ^= mixSecond(tail(bytes, at + 8, length));
    h1 ^= mixFirst(tail(bytes, at, Math.min(length, at + 8)));
    h1 ^= length;
    h2 ^= length;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    return new Digest128(h1, h2);
  }

  private static long mixFirst(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long mixSecond(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  /// Up to eight last bytes, little-endian; zero where there are none.
  private static long tail(byte[] bytes, int from, int end) {
    long k = 0;
    for (int i = end - 1; i >= from; i--) {
      k = (k << 8) | (bytes[i] & 0xff);
    }
    return k;
  }

  private static long finish(long hash) {
    long h = hash;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h;
  }
}
