package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Finds the arguments of one command after the other where they lie, in the buffer of a
/// [ByteInput], without an object for any of them.
///
/// ```
/// *<count>\r\n   then count times   $<length>\r\n<bytes>\r\n
/// ```
///
/// Numbers are digits alone, as servers write them, and each line end is looked at. A command that
/// is not longer than [#HELD_BYTES] is looked at until it is whole, and then consumed at once. Of a
/// longer one the first arguments are kept, up to [ArgumentVisitor#MOST_BYTES], and the rest passes
/// by; so memory is bounded whatever the lengths say. Nothing is scanned twice, however slowly the
/// bytes arrive.
///
/// Invariant while a command is scanned: `held` arguments lie whole before `scanned`, which counts
/// from the command's first byte and points at the header that is next.
final class CommandScanner {

  /// Half of an input's buffer, so that looking ahead never makes it grow.
  static final int HELD_BYTES = ByteInput.DEFAULT_BUFFER_BYTES / 2;

  private static final int MOST_ARGUMENTS = Integer.MAX_VALUE;

  /// No number of a log has more digits, and all of them are less than [Long#MAX_VALUE].
  private static final int MOST_DIGITS = 18;

  private static final int[] LINE_END = {'\r', '\n'};

  private static final int UNKNOWN = -1;

  /// The window ends before the header does.
  private static final int INCOMPLETE = -1;

  /// What [#scan] came upon.
  enum Found {
    /// A command, consumed.
    WHOLE,
    /// A command too long to be held, of which nothing is consumed: [#pass] goes on with it.
    LARGE,
    /// The end of the input, in the middle of a command; the bytes before it are consumed. The
    /// arguments that are whole are held.
    CUT
  }

  private final ByteInput in;
  private final ByteSlice window = new ByteSlice();
  private int count;
  private int held;
  private int scanned;
  private int[] starts = new int[32];
  private int[] lengths = new int[32];

  /// What the last header said, and how much of that has not arrived yet.
  private long number;

  private long missing;

  private byte[] array = {};
  private int base;

  CommandScanner(ByteInput in) {
    this.in = in;
  }

  /// Looks at the next command. Blocks until it is whole or known to be long.
  ///
  /// @throws CorruptInputException if the next bytes are none
  Found scan() throws IOException {
    count = UNKNOWN;
    held = 0;
    scanned = 0;
    missing = 0;
    while (true) {
      in.ahead(window);
      if (count == UNKNOWN && !readCount()) {
        // The first line is not there yet.
      } else if (scanArguments()) {
        keepInPlace();
        in.skip(scanned);
        return Found.WHOLE;
      } else if (isLarge()) {
        keepHead();
        return Found.LARGE;
      }
      if (!in.readAhead()) {
        in.ahead(window); // looking for more may have moved what there was
        keepInPlace();
        in.skip(window.length());
        return Found.CUT;
      }
    }
  }

  private void keepInPlace() {
    array = window.array();
    base = window.offset();
  }

  private boolean readCount() throws IOException {
    byte[] bytes = window.array();
    int at = window.offset();
    int behind = header(bytes, at, at + window.length(), '*', "a command");
    if (behind == INCOMPLETE) {
      return false;
    }
    if (number < 1 || number > MOST_ARGUMENTS) {
      throw corrupt("number of arguments out of range: " + number, 0);
    }
    count = (int) number;
    scanned = behind - at;
    return true;
  }

  /// Goes on from `scanned`; whether the command is whole.
  private boolean scanArguments() throws IOException {
    byte[] bytes = window.array();
    int first = window.offset();
    int limit = first + window.length();
    int at = first + scanned;
    while (held < count) {
      int start = header(bytes, at, limit, '$', "the length of an argument");
      if (start == INCOMPLETE || number > limit - start - 2L) {
        scanned = at - first;
        missing = start == INCOMPLETE ? 0 : number;
        return false;
      }
      int end = start + (int) number;
      if (bytes[end] != '\r' || bytes[end + 1] != '\n') {
        throw noLineEnd(bytes, first, end);
      }
      if (held == starts.length) {
        starts = Arrays.copyOf(starts, 2 * held);
        lengths = Arrays.copyOf(lengths, 2 * held);
      }
      starts[held] = start - first;
      lengths[held] = (int) number;
      held++;
      at = end + 2;
    }
    scanned = at - first;
    return true;
  }

  /// Reads a header into `number`; returns the index behind it, or [#INCOMPLETE].
  private int header(byte[] bytes, int from, int limit, char kind, String what)
      throws CorruptInputException {
    if (from == limit) {
      return INCOMPLETE;
    }
    if (bytes[from] != kind) {
      throw corrupt(
          "expected %s, found byte 0x%02x".formatted(what, bytes[from] & 0xff),
          from - window.offset());
    }
    long value = 0;
    for (int at = from + 1; at < limit; at++) {
      int digit = bytes[at] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (at - from > MOST_DIGITS) {
          throw corrupt("number out of range", from - window.offset());
        }
      } else if (bytes[at] != '\r' || at == from + 1) {
        throw corrupt("not a decimal number", from + 1 - window.offset());
      } else if (at + 1 == limit) {
        return INCOMPLETE;
      } else if (bytes[at + 1] != '\n') {
        throw noLineEnd(bytes, window.offset(), at);
      } else {
        number = value;
        return at + 2;
      }
    }
    return INCOMPLETE;
  }

  private CorruptInputException noLineEnd(byte[] bytes, int first, int at) {
    int wrong = bytes[at] == '\r' ? at + 1 : at;
    return corrupt(
        "expected the end of a line, found byte 0x%02x".formatted(bytes[wrong] & 0xff),
        wrong - first);
  }

  /// Whether the command is known not to be whole within [#HELD_BYTES].
  private boolean isLarge() {
    return window.length() >= HELD_BYTES || scanned + missing > HELD_BYTES;
  }

  /// Copies the arguments that fit: the window goes on with the rest of the command.
  private void keepHead() {
    int whole = held;
    while (whole > 0 && starts[whole - 1] + lengths[whole - 1] > ArgumentVisitor.MOST_BYTES) {
      whole--;
    }
    int bytes = whole == 0 ? 0 : starts[whole - 1] + lengths[whole - 1];
    array = Arrays.copyOfRange(window.array(), window.offset(), window.offset() + bytes);
    base = 0;
    held = whole;
  }

  /// How many arguments the command has, its name among them.
  int count() {
    return count;
  }

  /// How many of them are at hand, from the first on.
  int held() {
    return held;
  }

  /// Shows a held argument in `slice`; right until the next [#scan].
  void argument(int index, ByteSlice slice) {
    slice.set(array, base + starts[index], lengths[index]);
  }

  /// Shows all bytes of a whole command in `slice`.
  void bytes(ByteSlice slice) {
    slice.set(array, base, scanned);
  }

  /// Shows the held arguments to `visitor`.
  void visit(ArgumentVisitor visitor) throws IOException {
    for (int i = 0; i < held; i++) {
      argument(i, window);
      window.set(window.array(), window.offset(), Math.min(lengths[i], ArgumentVisitor.MOST_BYTES));
      visitor.argument(i, window, lengths[i]);
    }
  }

  /// Consumes a [Found#LARGE] command, of which nothing is consumed yet: writes it to `out`, and
  /// shows its arguments to `visitor`.
  ///
  /// @return false if the input ends before the command does
  /// @throws CorruptInputException if the bytes are no command
  boolean pass(OutputStream out, ArgumentVisitor visitor) throws IOException {
    try {
      passHeader('*', "a command", out);
      for (int i = 0; i < count; i++) {
        long length = passHeader('$', "the length of an argument", out);
        show(i, length, visitor);
        passBytes(length, out);
        passLineEnd(out);
      }
      return true;
    } catch (EOFException cutShort) {
      return false;
    }
  }

  private void show(int index, long length, ArgumentVisitor visitor) throws IOException {
    int shown = (int) Math.min(length, ArgumentVisitor.MOST_BYTES);
    while (in.buffered() < shown) {
      if (!in.readAhead()) {
        in.skip(in.buffered());
        throw new EOFException(in.name());
      }
    }
    in.ahead(window);
    window.set(window.array(), window.offset(), shown);
    visitor.argument(index, window, length);
  }

  private long passHeader(char kind, String what, OutputStream out) throws IOException {
    while (true) {
      in.ahead(window);
      int from = window.offset();
      int behind = header(window.array(), from, from + window.length(), kind, what);
      if (behind != INCOMPLETE) {
        long value = number;
        passBytes(behind - from, out);
        return value;
      }
      if (!in.readAhead()) {
        in.skip(in.buffered());
        throw new EOFException(in.name());
      }
    }
  }

  private void passBytes(long length, OutputStream out) throws IOException {
    long left = length;
    while (left > 0) {
      if (in.buffered() == 0 && !in.readAhead()) {
        throw new EOFException(in.name());
      }
      in.ahead(window);
      int step = (int) Math.min(left, window.length());
      out.write(window.array(), window.offset(), step);
      in.skip(step);
      left -= step;
    }
  }

  private void passLineEnd(OutputStream out) throws IOException {
    for (int expected : LINE_END) {
      long at = in.offset();
      int found = in.readByte();
      if (found != expected) {
        throw new CorruptInputException(
            "expected the end of a line, found byte 0x%02x".formatted(found), in.name(), at);
      }
      out.write(found);
    }
  }

  private CorruptInputException corrupt(String problem, int ahead) {
    return new CorruptInputException(problem, in.name(), in.offset() + ahead);
  }
}
