package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.Arrays;

/// A set of integers in one array of bytes, ascending, all of one width.
///
/// | bytes | what |
/// |---|---|
/// | 4 | width of each integer: 2, 4 or 8 |
/// | 4 | count |
/// | count × width | the integers, signed |
///
/// All little-endian. An instance is a view and never changes its bytes; an edit returns another.
public final class Intset {

  /// How many bytes stand in front of the first integer.
  public static final int HEADER_BYTES = 8;

  private static final Intset EMPTY = new Intset(new byte[] {2, 0, 0, 0, 0, 0, 0, 0});

  private final byte[] bytes;
  private final int width;
  private final int size;

  private Intset(byte[] bytes) {
    this.bytes = bytes;
    this.width = LittleEndian.getInt(bytes, 0);
    this.size = LittleEndian.getInt(bytes, 4);
  }

  /// The set without members.
  public static Intset empty() {
    return EMPTY;
  }

  /// Views `bytes`, which must be known to be whole, without a look at them.
  public static Intset wrap(byte[] bytes) {
    return new Intset(bytes);
  }

  /// Views `bytes` after a walk through all of them.
  ///
  /// @throws CorruptInputException if they are not an intset; the offset is the one inside `bytes`
  public static Intset parse(byte[] bytes) throws CorruptInputException {
    checkedWidth(bytes, 0, bytes.length);
    return new Intset(bytes);
  }

  /// The width of the integers of the intset in `length` bytes of `bytes` from `from` on, after a
  /// walk through all of them.
  ///
  /// @throws CorruptInputException if they are not an intset; the offset is the one inside it
  public static int checkedWidth(byte[] bytes, int from, int length) throws CorruptInputException {
    if (length < HEADER_BYTES) {
      throw new CorruptInputException("an intset is shorter than its header", "intset", 0);
    }
    int width = LittleEndian.getInt(bytes, from);
    if (width != 2 && width != 4 && width != 8) {
      throw new CorruptInputException("an intset has an impossible integer width", "intset", 0);
    }
    if (LittleEndian.getUnsignedInt(bytes, from + 4) * width != length - HEADER_BYTES) {
      throw new CorruptInputException("an intset's count does not match its length", "intset", 4);
    }
    int end = from + length;
    for (int at = from + HEADER_BYTES + width; at < end; at += width) {
      if (get(bytes, at - width, width) >= get(bytes, at, width)) {
        throw new CorruptInputException(
            "the integers of an intset do not ascend", "intset", at - from);
      }
    }
    return width;
  }

  /// The integer of `width` bytes at `at`.
  public static long get(byte[] bytes, int at, int width) {
    return switch (width) {
      case 2 -> LittleEndian.getShort(bytes, at);
      case 4 -> LittleEndian.getInt(bytes, at);
      default -> LittleEndian.getLong(bytes, at);
    };
  }

  /// Packs `ascending`, which must be sorted and without duplicates.
  public static Intset of(long... ascending) {
    int width = 2;
    for (long value : ascending) {
      width = Math.max(width, width(value));
    }
    Intset set = withRoom(width, ascending.length);
    for (int i = 0; i < ascending.length; i++) {
      set.put(i, ascending[i]);
    }
    return set;
  }

  /// The bytes as they are stored; shared, not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  /// The number of integers.
  public int size() {
    return size;
  }

  /// The integer at `index`, in ascending order from 0.
  public long get(int index) {
    int at = HEADER_BYTES + index * width;
    return switch (width) {
      case 2 -> LittleEndian.getShort(bytes, at);
      case 4 -> LittleEndian.getInt(bytes, at);
      default -> LittleEndian.getLong(bytes, at);
    };
  }

  /// Whether `value` is a member.
  public boolean contains(long value) {
    return search(value) >= 0;
  }

  /// This set with `value`; this very instance if it is a member already.
  public Intset add(long value) {
    int found = search(value);
    if (found >= 0) {
      return this;
    }
    int place = -found - 1;
    Intset larger = withRoom(Math.max(width, width(value)), size + 1);
    larger.copyFrom(this, 0, 0, place);
    larger.put(place, value);
    larger.copyFrom(this, place, place + 1, size - place);
    return larger;
  }

  /// This set without `value`; this very instance if it is no member. The width stays.
  public Intset remove(long value) {
    int place = search(value);
    if (place < 0) {
      return this;
    }
    Intset smaller = withRoom(width, size - 1);
    smaller.copyFrom(this, 0, 0, place);
    smaller.copyFrom(this, place + 1, place, size - place - 1);
    return smaller;
  }

  private int search(long value) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = get(middle);
      if (found == value) {
        return middle;
      }
      if (found < value) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static int width(long value) {
    if (value == (short) value) {
      return 2;
    }
    return value == (int) value ? 4 : 8;
  }

  private static Intset withRoom(int width, int size) {
    byte[] bytes = new byte[Math.addExact(HEADER_BYTES, Math.multiplyExact(width, size))];
    LittleEndian.putInt(bytes, 0, width);
    LittleEndian.putInt(bytes, 4, size);
    return new Intset(bytes);
  }

  private void copyFrom(Intset other, int from, int to, int count) {
    if (width == other.width) {
      System.arraycopy(
          other.bytes,
          HEADER_BYTES + from * width,
          bytes,
          HEADER_BYTES + to * width,
          count * width);
      return;
    }
    for (int i = 0; i < count; i++) {
      put(to + i, other.get(from + i));
    }
  }

  private void put(int index, long value) {
    int at = HEADER_BYTES + index * width;
    switch (width) {
      case 2 -> LittleEndian.putShort(bytes, at, (int) value);
      case 4 -> LittleEndian.putInt(bytes, at, (int) value);
      default -> LittleEndian.putLong(bytes, at, value);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Intset that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
