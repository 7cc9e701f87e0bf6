package io.redrill.rdb;

import java.io.IOException;

/// Finds the end of the records that are carried as they are.
final class VerbatimRecords {

  private static final int SLOTS = 16_384;

  private VerbatimRecords() {}

  /// Consumes what follows the opcode `code`, which stands at `offset`; gives its name for messages
  /// about what comes after.
  ///
  /// @throws TooNewException if the opcode is unknown
  static String skip(int code, RdbDialect dialect, RdbInput in, ValueScanner values, long offset)
      throws IOException {
    return switch (code) {
      case Opcode.MODULE_AUX -> {
        in.length();
        values.moduleValues();
        yield "a module's aux field";
      }
      case Opcode.SLOT_INFO -> {
        long slot = in.length();
        if (slot < 0 || slot >= SLOTS) {
          throw in.corrupt(
              "there are slots 0 to 16383 only, and not " + Long.toUnsignedString(slot));
        }
        in.length();
        in.length();
        yield "a slot's size";
      }
      case Opcode.FUNCTION_PRE_RELEASE -> {
        in.skipString();
        in.skipString();
        if (in.length() != 0) {
          in.skipString();
        }
        in.skipString();
        yield "a function of a release candidate";
      }
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT -> {
        in.length();
        yield "a field of Redis Enterprise";
      }
      case Opcode.SLOT_IMPORT_VALKEY -> {
        in.skipString();
        for (long ranges = in.count(); ranges > 0; ranges--) {
          in.length();
          in.length();
        }
        yield "a slot import";
      }
      default -> {
        if (code == Opcode.UPDATE_VALKEY && dialect == RdbDialect.VALKEY) {
          command(in);
          yield "a command";
        }
        throw new TooNewException("unknown opcode " + code, in.bytes().name(), offset);
      }
    };
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
