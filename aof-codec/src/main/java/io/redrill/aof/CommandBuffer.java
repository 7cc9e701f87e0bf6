package io.redrill.aof;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.encoding.DecimalText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Commands as bytes, in a buffer of fixed size that goes to an output whenever it is full. Long
/// arguments go there on their own, without being copied.
///
/// A command is the number of its arguments, then as many arguments.
final class CommandBuffer {

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int COPIED_BYTES = 16 * 1024;
  private static final int ROOM_FOR_HEADER = 24;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int size;
  private long commands;

  CommandBuffer(OutputStream out) {
    this.out = out;
  }

  /// An argument that is known beforehand, with its header.
  static byte[] constant(String argument) {
    return "$%d\r\n%s\r\n"
        .formatted(argument.length(), argument)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Begins a command of `arguments`, the name among them.
  void begin(int arguments) throws IOException {
    commands++;
    header('*', arguments);
  }

  /// Counts commands that stood in bytes written as they are.
  void wrote(int whole) {
    commands += whole;
  }

  /// How many commands were begun.
  long commands() {
    return commands;
  }

  /// Writes what [#constant] gave, or other bytes as they are.
  void raw(byte[] bytes) throws IOException {
    raw(bytes, 0, bytes.length);
  }

  /// Writes an argument.
  void argument(ByteSlice argument) throws IOException {
    argument(argument.array(), argument.offset(), argument.length());
  }

  /// Writes an argument.
  void argument(byte[] bytes, int from, int length) throws IOException {
    header('$', length);
    raw(bytes, from, length);
    endArgument();
  }

  /// Writes an integer as an argument.
  void argument(long number) throws IOException {
    header('$', DecimalText.length(number));
    room(ROOM_FOR_HEADER);
    size = DecimalText.put(number, buffer, size);
    endArgument();
  }

  /// Begins an argument of `length` bytes, which [#raw] writes and [#endArgument] ends.
  void beginArgument(long length) throws IOException {
    header('$', length);
  }

  /// Ends an argument.
  void endArgument() throws IOException {
    room(2);
    buffer[size++] = '\r';
    buffer[size++] = '\n';
  }

  /// Writes bytes as they are.
  void raw(byte[] bytes, int from, int length) throws IOException {
    if (length > COPIED_BYTES) {
      flush();
      out.write(bytes, from, length);
      return;
    }
    room(length);
    System.arraycopy(bytes, from, buffer, size, length);
    size += length;
  }

  /// What was written so far goes to the output.
  void flush() throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }

  private void header(char kind, long number) throws IOException {
    room(ROOM_FOR_HEADER);
    buffer[size++] = (byte) kind;
    size = DecimalText.put(number, buffer, size);
    endArgument();
  }

  private void room(int bytes) throws IOException {
    if (BUFFER_BYTES - size < bytes) {
      flush();
    }
  }
}
