package io.redrill.rdb.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian integers at any place of a byte array, as most of RDB has them.
public final class LittleEndian {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  /// The 8 bytes at `at`.
  public static long getLong(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /// The 4 bytes at `at`, signed.
  public static int getInt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  /// The 4 bytes at `at`, unsigned.
  public static long getUnsignedInt(byte[] bytes, int at) {
    return getInt(bytes, at) & 0xffff_ffffL;
  }

  /// The 3 bytes at `at`, signed.
  public static int getMedium(byte[] bytes, int at) {
    return getUnsignedShort(bytes, at) | bytes[at + 2] << 16;
  }

  /// The 2 bytes at `at`, signed.
  public static short getShort(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at);
  }

  /// The 2 bytes at `at`, unsigned.
  public static int getUnsignedShort(byte[] bytes, int at) {
    return getShort(bytes, at) & 0xffff;
  }

  /// Stores 8 bytes at `at`.
  public static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /// Stores 4 bytes at `at`.
  public static void putInt(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  /// Stores the lowest 2 bytes of `value` at `at`.
  public static void putShort(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }
}
