package io.redrill.aof;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.encoding.DecimalText;
import java.io.IOException;
import java.util.Arrays;

/// Arguments that wait until it is known how many there are, in an array that grows to the largest
/// batch.
final class Batch {

  private static final int ROOM_FOR_HEADER = 24;
  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[8192];
  private int size;
  private int count;
  private int commands;

  void clear() {
    size = 0;
    count = 0;
    commands = 0;
  }

  /// How many arguments there are.
  int count() {
    return count;
  }

  /// How many bytes they take.
  int size() {
    return size;
  }

  void writeTo(CommandBuffer out) throws IOException {
    out.raw(bytes, 0, size);
    out.wrote(commands);
  }

  /// Begins a command among the others.
  void begin(int arguments) {
    commands++;
    header('*', arguments);
  }

  /// Adds an argument that has its header already.
  void raw(byte[] constant) {
    room(constant.length);
    System.arraycopy(constant, 0, bytes, size, constant.length);
    size += constant.length;
    count++;
  }

  void add(byte[] argument) {
    add(argument, 0, argument.length);
  }

  void add(ByteSlice argument) {
    add(argument.array(), argument.offset(), argument.length());
  }

  private void add(byte[] argument, int from, int length) {
    header('$', length);
    room(length + 2L);
    System.arraycopy(argument, from, bytes, size, length);
    size += length;
    endLine();
    count++;
  }

  void add(long number) {
    header('$', DecimalText.length(number));
    room(ROOM_FOR_HEADER);
    size = DecimalText.put(number, bytes, size);
    endLine();
    count++;
  }

  private void header(char kind, long number) {
    room(ROOM_FOR_HEADER);
    bytes[size++] = (byte) kind;
    size = DecimalText.put(number, bytes, size);
    endLine();
  }

  private void endLine() {
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  private void room(long added) {
    long needed = size + added;
    if (needed <= bytes.length) {
      return;
    }
    if (needed > MAX_ARRAY_BYTES) {
      throw new OutOfMemoryError("64 elements of a value are larger than 2 GiB together");
    }
    bytes =
        Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY_BYTES, Math.max(needed, 2L * bytes.length)));
  }
}
