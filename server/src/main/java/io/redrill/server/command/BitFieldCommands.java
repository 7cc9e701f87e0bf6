package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ_FAST;

import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// `BITFIELD`: integers of 1 to 64 bits at any place of a string.
///
/// All operations are read before the first one runs, and the string grows once, to the end of the
/// highest field that is written.
final class BitFieldCommands {

  private static final long MAX_BYTES = 512L * 1024 * 1024;
  private static final byte[] EMPTY = {};
  private static final String BAD_TYPE =
      "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but"
          + " i64 is.";

  private BitFieldCommands() {}

  static void register(CommandTable table) {
    table.add("bitfield", -2, KEY, GROW, call -> run(call, false));
    table.add("bitfield_ro", -2, KEY, READ_FAST, call -> run(call, true));
  }

  private enum Action {
    GET,
    SET,
    INCREMENT
  }

  /// What becomes of a number that does not fit.
  private enum Overflow {
    WRAP,
    SATURATE,
    FAIL
  }

  /// An integer type: `i1` to `i64`, `u1` to `u63`.
  private record Field(boolean signed, int bits) {

    static Field of(byte[] text) {
      boolean signed = text.length > 0 && text[0] == 'i';
      if (text.length == 0 || (!signed && text[0] != 'u')) {
        throw new CommandException(BAD_TYPE);
      }
      OptionalLong bits = Numbers.parseLong(Arrays.copyOfRange(text, 1, text.length));
      if (bits.isEmpty() || bits.getAsLong() < 1 || bits.getAsLong() > (signed ? 64 : 63)) {
        throw new CommandException(BAD_TYPE);
      }
      return new Field(signed, (int) bits.getAsLong());
    }

    long max() {
      return signed ? Long.MAX_VALUE >>> (64 - bits) : (1L << bits) - 1;
    }

    long min() {
      return signed ? Long.MIN_VALUE >> (64 - bits) : 0;
    }

    /// The lowest bits of `value` as a number of this type.
    long wrap(long value) {
      return signed ? value << (64 - bits) >> (64 - bits) : value & max();
    }

    /// 1 if `value + increment` is above this type's numbers, -1 if below, 0 if it fits.
    ///
    /// As in Redis, the distances to the limits wrap: far below a narrow signed field counts as
    /// above it. And a negative number to be set in an unsigned field counts as a huge one.
    int overflows(long value, long increment) {
      long up = max() - value;
      long down = min() - value;
      if (!signed) {
        return value < 0 || value > max() || (increment > 0 && increment > up)
            ? 1
            : increment < 0 && increment < down ? -1 : 0;
      }
      boolean narrow = bits < 64;
      if (value > max()
          || (narrow && increment > up)
          || (value >= 0 && increment > 0 && increment > up)) {
        return 1;
      }
      return value < min()
              || (narrow && increment < down)
              || (value < 0 && increment < 0 && increment < down)
          ? -1
          : 0;
    }
  }

  private record Operation(Action action, Field field, long bit, long operand, Overflow overflow) {

    long end() {
      return bit + field.bits();
    }
  }

  private static List<Operation> parse(Call call) {
    List<Operation> operations = new ArrayList<>();
    Overflow overflow = Overflow.WRAP;
    for (int i = 2; i < call.count(); i++) {
      int left = call.count() - i - 1;
      Action action;
      if (call.is(i, "GET") && left >= 2) {
        action = Action.GET;
      } else if (call.is(i, "SET") && left >= 3) {
        action = Action.SET;
      } else if (call.is(i, "INCRBY") && left >= 3) {
        action = Action.INCREMENT;
      } else if (call.is(i, "OVERFLOW") && left >= 1) {
        overflow =
            switch (call.word(++i)) {
              case "WRAP" -> Overflow.WRAP;
              case "SAT" -> Overflow.SATURATE;
              case "FAIL" -> Overflow.FAIL;
              default -> throw new CommandException("ERR Invalid OVERFLOW type specified");
            };
        continue;
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
      Field field = Field.of(call.arg(i + 1));
      long bit = bit(call.arg(i + 2), field.bits());
      long operand = action == Action.GET ? 0 : call.integer(i + 3);
      operations.add(new Operation(action, field, bit, operand, overflow));
      i += action == Action.GET ? 2 : 3;
    }
    return operations;
  }

  /// A place: in bits, or with `#` in widths of the field.
  private static long bit(byte[] text, int width) {
    String digits = new String(text, StandardCharsets.ISO_8859_1);
    boolean counted = digits.startsWith("#");
    OptionalLong number =
        Numbers.parseLong(counted ? Arrays.copyOfRange(text, 1, text.length) : text);
    long most = MAX_BYTES * 8 - 1;
    long unit = counted ? width : 1;
    if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() > most / unit) {
      throw new CommandException("ERR bit offset is not an integer or out of range");
    }
    return number.getAsLong() * unit;
  }

  private static void run(Call call, boolean readOnly) {
    List<Operation> operations = parse(call);
    long end = 0;
    for (Operation operation : operations) {
      end = operation.action() == Action.GET ? end : Math.max(end, operation.end());
    }
    if (end > 0 && readOnly) {
      throw new CommandException("ERR BITFIELD_RO only supports the GET subcommand");
    }
    if (end == 0) {
      RedisString value = call.find(call.arg(1), RedisString.class);
      byte[] bytes = value == null ? EMPTY : value.bytes();
      call.reply().array(operations.size());
      operations.forEach(one -> call.reply().integer(read(bytes, one)));
      return;
    }
    write(call, operations, (int) ((end + 7) / 8));
  }

  private static void write(Call call, List<Operation> operations, int length) {
    byte[] key = call.arg(1);
    RedisString value = call.findForWrite(key, RedisString.class);
    byte[] old = value == null ? EMPTY : value.bytes();
    byte[] bytes = Arrays.copyOf(old, Math.max(old.length, length));
    boolean grown = bytes.length > old.length;
    int changes = 0;
    call.reply().array(operations.size());
    for (Operation operation : operations) {
      long before = read(bytes, operation);
      if (operation.action() == Action.GET) {
        call.reply().integer(before);
        continue;
      }
      boolean increments = operation.action() == Action.INCREMENT;
      Field field = operation.field();
      long base = increments ? before : operation.operand();
      long increment = increments ? operation.operand() : 0;
      int overflow = field.overflows(base, increment);
      if (overflow != 0 && operation.overflow() == Overflow.FAIL) {
        call.reply().nullValue();
        continue;
      }
      long after =
          overflow == 0 || operation.overflow() == Overflow.WRAP
              ? field.wrap(base + increment)
              : overflow > 0 ? field.max() : field.min();
      put(bytes, operation, after);
      call.reply().integer(increments ? after : before);
      if (grown || before != after) {
        changes++;
      }
    }
    if (value == null) {
      call.db().put(key, new RedisString(bytes, RedisString.Origin.EDITED), false);
    } else {
      value.edited(bytes);
    }
    if (changes > 0) {
      call.changed(key, changes);
    }
  }

  private static long read(byte[] bytes, Operation operation) {
    long value = 0;
    for (long bit = operation.bit(); bit < operation.end(); bit++) {
      int at = (int) (bit >>> 3);
      int set = at < bytes.length ? bytes[at] >>> (7 - (int) (bit & 7)) & 1 : 0;
      value = value << 1 | set;
    }
    return operation.field().wrap(value);
  }

  private static void put(byte[] bytes, Operation operation, long value) {
    long left = value;
    for (long bit = operation.end() - 1; bit >= operation.bit(); bit--) {
      int at = (int) (bit >>> 3);
      int mask = 0x80 >>> (int) (bit & 7);
      bytes[at] = (byte) ((left & 1) != 0 ? bytes[at] | mask : bytes[at] & ~mask);
      left >>>= 1;
    }
  }
}
