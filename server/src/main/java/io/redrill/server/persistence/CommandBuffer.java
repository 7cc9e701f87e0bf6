package io.redrill.server.persistence;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Commands as the bytes of a log: RESP, with `SELECT` wherever the database changes.
///
/// Both the append-only file and the replication stream gather their bytes in one, each with its
/// own idea of the selected database.
public final class CommandBuffer {

  private static final int KEPT_BYTES = 1024 * 1024;
  private static final byte[] CRLF = {'\r', '\n'};

  /// Stands for a log whose reader has no database selected yet.
  public static final int NO_DB = -1;

  private byte[] bytes = new byte[1024];
  private int length;
  private int db = NO_DB;

  /// Appends a command for database `commandDb`.
  public void append(int commandDb, byte[][] command) {
    if (commandDb != db) {
      appendRaw(
          new byte[][] {
            text("SELECT"), text(Integer.toString(commandDb)),
          });
      db = commandDb;
    }
    appendRaw(command);
  }

  /// Appends a command that acts on no database.
  public void appendRaw(byte[][] command) {
    header('*', command.length);
    for (byte[] argument : command) {
      header('$', argument.length);
      append(argument);
      append(CRLF);
    }
  }

  /// Appends bytes as they are.
  public void append(byte[] raw) {
    reserve(raw.length);
    System.arraycopy(raw, 0, bytes, length, raw.length);
    length += raw.length;
  }

  /// Has the next command select its database anew.
  public void forgetDb() {
    db = NO_DB;
  }

  /// The database of the last command, or [#NO_DB].
  public int db() {
    return db;
  }

  /// How many bytes are waiting.
  public int length() {
    return length;
  }

  /// The bytes, valid up to [#length()].
  public byte[] array() {
    return bytes;
  }

  /// Forgets the first `count` bytes.
  public void drop(int count) {
    System.arraycopy(bytes, count, bytes, 0, length - count);
    length -= count;
    if (length == 0 && bytes.length > KEPT_BYTES) {
      bytes = new byte[1024];
    }
  }

  /// Takes all bytes out.
  public byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, length);
    drop(length);
    return taken;
  }

  private void header(char kind, int value) {
    append(text(kind + Integer.toString(value)));
    append(CRLF);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      long wanted = Math.max(length + (long) count, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, wanted));
    }
  }
}
