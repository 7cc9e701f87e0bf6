package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.READ;
import static io.redrill.server.command.Commands.READ_FAST;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.type.RedisString;
import java.util.Arrays;

/// Commands on the bits of strings; bit 0 is the highest of the first byte.
final class BitCommands {

  private static final long MAX_BITS = 512L * 1024 * 1024 * 8;
  private static final byte[] EMPTY = {};

  private BitCommands() {}

  static void register(CommandTable table) {
    table.add("setbit", 4, KEY, GROW, BitCommands::setBit);
    table.add("getbit", 3, KEY, READ_FAST, BitCommands::getBit);
    table.add("bitcount", -2, KEY, READ, BitCommands::bitCount);
    table.add("bitpos", -3, KEY, READ, BitCommands::bitPosition);
    table.add("bitop", -4, new KeyPositions(2, -1, 1), GROW, BitCommands::bitOp);
  }

  private static long offset(Call call) {
    return call.integer(2, 0, MAX_BITS - 1, "ERR bit offset is not an integer or out of range");
  }

  private static byte[] read(Call call, int index) {
    RedisString value = call.find(call.arg(index), RedisString.class);
    return value == null ? EMPTY : value.bytes();
  }

  private static int mask(long offset) {
    return 0x80 >>> (int) (offset & 7);
  }

  private static void setBit(Call call) {
    long offset = offset(call);
    long on = call.integer(3, 0, 1, "ERR bit is not an integer or out of range");
    byte[] key = call.arg(1);
    RedisString value = call.findForWrite(key, RedisString.class);
    byte[] old = value == null ? EMPTY : value.bytes();
    int at = (int) (offset >>> 3);
    byte[] bytes = Arrays.copyOf(old, Math.max(old.length, at + 1));
    boolean was = (bytes[at] & mask(offset)) != 0;
    bytes[at] = (byte) (on == 1 ? bytes[at] | mask(offset) : bytes[at] & ~mask(offset));
    if (value == null) {
      call.db().put(key, new RedisString(bytes, RedisString.Origin.EDITED), false);
      call.changed(1);
    } else {
      value.edited(bytes);
      call.changed(key);
    }
    call.reply().integer(was);
  }

  private static void getBit(Call call) {
    long offset = offset(call);
    byte[] bytes = read(call, 1);
    int at = (int) (offset >>> 3);
    call.reply().integer(at < bytes.length && (bytes[at] & mask(offset)) != 0);
  }

  private static void bitCount(Call call) {
    if (call.count() == 2) {
      call.reply().integer(count(read(call, 1), 0, Long.MAX_VALUE));
      return;
    }
    RedisString value = call.find(call.arg(1), RedisString.class);
    if (value == null) {
      call.reply().integer(0);
      return;
    }
    if (call.count() != 4 && call.count() != 5) {
      throw new CommandException(CommandException.SYNTAX);
    }
    byte[] bytes = value.bytes();
    long start = call.integer(2);
    long end = call.integer(3);
    boolean inBits = call.count() == 5 && call.is(4, "BIT");
    if (call.count() == 5 && !inBits && !call.is(4, "BYTE")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    long length = inBits ? bytes.length * 8L : bytes.length;
    if (start < 0 && end < 0 && start > end) {
      call.reply().integer(0);
      return;
    }
    start = start < 0 ? Math.max(0, start + length) : start;
    end = Math.min(length - 1, end < 0 ? Math.max(0, end + length) : end);
    call.reply()
        .integer(
            start > end ? 0 : count(bytes, inBits ? start : start * 8, inBits ? end : end * 8 + 7));
  }

  /// The bits set from `first` to `last`.
  private static long count(byte[] bytes, long first, long last) {
    long count = 0;
    for (int i = (int) (first >>> 3); i < bytes.length && i <= last >>> 3; i++) {
      int bits = bytes[i] & 0xff;
      if (i == first >>> 3) {
        bits &= 0xff >>> (int) (first & 7);
      }
      if (i == last >>> 3) {
        bits &= 0xff << (7 - (int) (last & 7));
      }
      count += Integer.bitCount(bits);
    }
    return count;
  }

  private static void bitPosition(Call call) {
    long wanted = call.integer(2);
    if (wanted != 0 && wanted != 1) {
      throw new CommandException("ERR The bit argument must be 1 or 0.");
    }
    RedisString value = call.find(call.arg(1), RedisString.class);
    if (value == null) {
      call.reply().integer(wanted == 1 ? -1 : 0);
      return;
    }
    if (call.count() > 6) {
      throw new CommandException(CommandException.SYNTAX);
    }
    byte[] bytes = value.bytes();
    long start = call.count() > 3 ? call.integer(3) : 0;
    boolean inBits = call.count() == 6 && call.is(5, "BIT");
    if (call.count() == 6 && !inBits && !call.is(5, "BYTE")) {
      throw new CommandException(CommandException.SYNTAX);
    }
    boolean endGiven = call.count() > 4;
    long length = inBits ? bytes.length * 8L : bytes.length;
    long end = endGiven ? call.integer(4) : length - 1;
    start = start < 0 ? Math.max(0, start + length) : start;
    end = Math.min(length - 1, end < 0 ? Math.max(0, end + length) : end);
    long found =
        start > end
            ? -1
            : position(bytes, wanted == 1, inBits ? start : start * 8, inBits ? end : end * 8 + 7);
    // Behind its end a string is all zeros, unless the search was to stop before.
    boolean padded = found < 0 && start <= end && wanted == 0 && !endGiven;
    call.reply().integer(padded ? bytes.length * 8L : found);
  }

  /// The first bit from `first` to `last` that is as wanted, or -1.
  private static long position(byte[] bytes, boolean wanted, long first, long last) {
    for (int i = (int) (first >>> 3); i <= last >>> 3; i++) {
      int bits = (wanted ? bytes[i] : ~bytes[i]) & 0xff;
      if (i == first >>> 3) {
        bits &= 0xff >>> (int) (first & 7);
      }
      if (bits != 0) {
        long found = i * 8L + Integer.numberOfLeadingZeros(bits) - 24;
        return found <= last ? found : -1;
      }
    }
    return -1;
  }

  private static void bitOp(Call call) {
    String operation = call.word(1);
    switch (operation) {
      case "AND", "OR", "XOR" -> {}
      case "NOT" -> {
        if (call.count() != 4) {
          throw new CommandException("ERR BITOP NOT must be called with a single source key.");
        }
      }
      default -> throw new CommandException(CommandException.SYNTAX);
    }
    byte[][] sources = new byte[call.count() - 3][];
    int length = 0;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = read(call, i + 3);
      length = Math.max(length, sources[i].length);
    }
    byte[] result = Arrays.copyOf(sources[0], length);
    if (operation.equals("NOT")) {
      for (int i = 0; i < length; i++) {
        result[i] = (byte) ~result[i];
      }
    }
    for (int s = 1; s < sources.length; s++) {
      for (int i = 0; i < length; i++) {
        int other = i < sources[s].length ? sources[s][i] : 0;
        result[i] =
            (byte)
                switch (operation) {
                  case "AND" -> result[i] & other;
                  case "OR" -> result[i] | other;
                  default -> result[i] ^ other;
                };
      }
    }
    byte[] target = call.arg(2);
    if (length > 0) {
      call.db().put(target, new RedisString(result, RedisString.Origin.EDITED), false);
      call.changed(1);
    } else if (call.db().remove(target) != null) {
      call.changed(1);
    }
    call.reply().integer(length);
  }
}
