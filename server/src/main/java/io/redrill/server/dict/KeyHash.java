package io.redrill.server.dict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// A hash of keys, seeded once per process so that clients cannot choose colliding keys.
///
/// Eight bytes at a time are multiplied into the state and folded; the last ones overlap what came
/// before. All 32 bits are well mixed: [Dict] uses the high ones first.
final class KeyHash {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = new SplittableRandom().nextLong();
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xD6E8FEB86659FD93L;

  private KeyHash() {}

  static int of(byte[] key) {
    int length = key.length;
    long state = SEED ^ (length * FIRST);
    if (length >= 8) {
      for (int i = 0; i + 8 < length; i += 8) {
        state = fold(state ^ (long) LONGS.get(key, i), FIRST);
      }
      state = fold(state ^ (long) LONGS.get(key, length - 8), SECOND);
    } else {
      long tail = 0;
      for (int i = 0; i < length; i++) {
        tail = tail << 8 | (key[i] & 0xff);
      }
      state = fold(state ^ tail, SECOND);
    }
    state = fold(state, FIRST);
    return (int) (state >>> 32);
  }

  private static long fold(long value, long multiplier) {
    return value * multiplier ^ Math.multiplyHigh(value, multiplier);
  }
}
