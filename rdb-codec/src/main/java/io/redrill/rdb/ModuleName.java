package io.redrill.rdb;

import java.util.Arrays;

/// The name of a module's value type: nine characters of six bits, the first in the highest bits,
/// above ten bits of the version of its encoding.
public final class ModuleName {

  /// The vector sets of Redis 8, which are stored as a module's values.
  public static final String VECTOR_SET = "vectorset";

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final int HIGHEST_SHIFT = 58;
  private static final int CHARACTER_BITS = 6;
  private static final int VERSION_BITS = 10;
  private static final int ID_BYTES = 9;

  private ModuleName() {}

  /// The name in front of `value`, the bytes of a value of type [RdbType#MODULE_2] or of a module's
  /// aux field.
  ///
  /// @throws CorruptInputException if `value` begins with no id
  public static String of(ByteSlice value) throws FormatException {
    int from = value.offset();
    byte[] id = Arrays.copyOfRange(value.array(), from, from + Math.min(value.length(), ID_BYTES));
    return PackedValues.beginning(id, in -> of(in.length()));
  }

  /// Whether `value`, the bytes of a value of type [RdbType#MODULE_2], is a vector set.
  static boolean isVectorSet(ByteSlice value) {
    try {
      return of(value).equals(VECTOR_SET);
    } catch (FormatException e) {
      return false; // damaged: whoever reads the value says so
    }
  }

  /// The name in `id`, which stands in front of a value as a length.
  static String of(long id) {
    StringBuilder name = new StringBuilder();
    for (int shift = HIGHEST_SHIFT; shift >= VERSION_BITS; shift -= CHARACTER_BITS) {
      name.append(ALPHABET.charAt((int) (id >>> shift) & 0x3f));
    }
    return name.toString();
  }
}
