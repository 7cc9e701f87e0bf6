package io.redrill.aof;

import io.redrill.rdb.ByteSlice;

/// Names of commands, which are the same in small letters and in capitals.
final class CommandName {

  private CommandName() {}

  /// Whether `name` is `wanted`, which is in capitals.
  static boolean is(ByteSlice name, String wanted) {
    return is(name.array(), name.offset(), name.length(), wanted);
  }

  /// As above, of a name in an array of its own.
  static boolean is(byte[] name, String wanted) {
    return is(name, 0, name.length, wanted);
  }

  private static boolean is(byte[] name, int from, int length, String wanted) {
    if (length != wanted.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      byte letter = name[from + i];
      if ((letter >= 'a' && letter <= 'z' ? letter - 32 : letter) != wanted.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
