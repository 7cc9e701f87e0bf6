package io.redrill.rdb;

import java.io.IOException;

/// Finds the end of the records that are carried as they are.
final class VerbatimRecords {

  private static final int SLOTS = 16_384;

  private VerbatimRecords() {}

  /// What the opcode `code` is, in words.
  ///
  /// @throws TooNewException if it is unknown; it stands at `offset` of `in`
  static String words(int code, RdbDialect dialect, ByteInput in, long offset)
      throws TooNewException {
    return switch (code) {
      case Opcode.MODULE_AUX -> "a module's aux field";
      case Opcode.SLOT_INFO -> "a slot's size";
      case Opcode.FUNCTION_PRE_RELEASE -> "a function of a release candidate";
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT -> "a field of Redis Enterprise";
      case Opcode.SLOT_IMPORT_VALKEY -> "a slot import";
      default -> {
        if (code == Opcode.UPDATE_VALKEY && dialect == RdbDialect.VALKEY) {
          yield "a command";
        }
        throw new TooNewException("unknown opcode " + code, in.name(), offset);
      }
    };
  }

  /// Consumes what follows `code`, for which there are [#words].
  static void skip(int code, RdbInput in, ValueScanner values) throws IOException {
    switch (code) {
      case Opcode.MODULE_AUX -> {
        in.length();
        values.moduleValues();
      }
      case Opcode.SLOT_INFO -> {
        long slot = in.length();
        if (slot < 0 || slot >= SLOTS) {
          throw in.corrupt(
              "there are slots 0 to 16383 only, and not " + Long.toUnsignedString(slot));
        }
        in.length();
        in.length();
      }
      case Opcode.FUNCTION_PRE_RELEASE -> {
        in.skipString();
        in.skipString();
        if (in.length() != 0) {
          in.skipString();
        }
        in.skipString();
      }
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT -> in.length();
      case Opcode.SLOT_IMPORT_VALKEY -> {
        in.skipString();
        for (long ranges = in.count(); ranges > 0; ranges--) {
          in.length();
          in.length();
        }
      }
      case Opcode.UPDATE_VALKEY -> command(in);
      default -> throw new IllegalArgumentException("opcode " + code + " is not carried as it is");
    }
  }

  /// Consumes a command in the wire protocol: `*n`, then n times `$length` and as many bytes, each
  /// line ended by carriage return and line feed.
  private static void command(RdbInput in) throws IOException {
    for (long left = number('*', in); left > 0; left--) {
      in.bytes().skip(number('$', in));
      if (in.bytes().readByte() != '\r' || in.bytes().readByte() != '\n') {
        throw in.corrupt("a command in the RDB is malformed");
      }
    }
  }

  private static long number(int mark, RdbInput in) throws IOException {
    if (in.bytes().readByte() != mark) {
      throw in.corrupt("a command in the RDB is malformed");
    }
    long number = 0;
    int digits = 0;
    while (true) {
      int next = in.bytes().readByte();
      if (next == '\r' && digits > 0 && in.bytes().readByte() == '\n') {
        return number;
      }
      if (next < '0' || next > '9' || ++digits > 10) {
        throw in.corrupt("a command in the RDB is malformed");
      }
      number = number * 10 + (next - '0');
    }
  }
}
