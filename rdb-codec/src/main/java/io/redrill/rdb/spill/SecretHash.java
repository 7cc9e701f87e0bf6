package io.redrill.rdb.spill;

import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.encoding.Murmur3;
import java.util.SplittableRandom;

/// A hash of 64 bits that nobody can choose bytes for: it depends on a number that each instance
/// draws anew, so that the bytes of a file, which were there before, share their hashes by chance
/// alone.
///
/// It is the polynomial of the length and the words of the input, modulo the prime 2^61 - 1, at
/// that number, with its bits mixed. Two inputs of n words of four bytes are roots of the same
/// polynomial for at most n of all numbers: they share their hash once in 2^61 / n times.
public final class SecretHash {

  private static final long PRIME = (1L << 61) - 1;
  private static final int WORD_BYTES = 4;

  private final long secret;

  /// Draws a number.
  public SecretHash() {
    this(new SplittableRandom().nextLong(PRIME));
  }

  SecretHash(long secret) {
    this.secret = secret;
  }

  /// The hash of `length` bytes of `bytes` from `from` on.
  public long of(byte[] bytes, int from, int length) {
    long hash = length;
    int at = from;
    int end = from + length;
    for (; end - at >= WORD_BYTES; at += WORD_BYTES) {
      hash = next(hash, LittleEndian.getUnsignedInt(bytes, at));
    }
    if (at < end) {
      long word = 0;
      for (int i = end - 1; i >= at; i--) {
        word = word << 8 | (bytes[i] & 0xff);
      }
      hash = next(hash, word);
    }
    // Records are dealt by some bits only.
    return Murmur3.mix(hash >= PRIME ? hash - PRIME : hash);
  }

  /// `hash` times the secret plus `word`, modulo the prime, or up to the prime and a little more.
  private long next(long hash, long word) {
    long low = hash * secret;
    long high = Math.multiplyHigh(hash, secret);
    long sum = (low & PRIME) + (low >>> 61 | high << 3) + word;
    return (sum & PRIME) + (sum >>> 61);
  }
}
