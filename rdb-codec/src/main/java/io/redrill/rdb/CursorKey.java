package io.redrill.rdb;

import io.redrill.rdb.encoding.ElementSlot;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The key that a cursor is at, or was at last: how its value is stored, and its name.
final class CursorKey {

  /// The type of a module's value before Redis 4.0 came out.
  private static final int MODULE_CANDIDATE = 6;

  private final RdbInput in;
  private final ElementSlot slot = new ElementSlot();
  private final ByteSlice name = new ByteSlice();
  private byte[] nameBytes = new byte[256];
  private @Nullable RdbType type;
  private boolean isCurrent;

  CursorKey(RdbInput in) {
    this.in = in;
  }

  /// Reads the name of a key whose value is of type `number`; the number stood at `offset`.
  ///
  /// @throws TooNewException if the type is unknown
  /// @throws TooOldException if nobody can read it any more
  void read(int number, long offset, RdbDialect dialect) throws IOException {
    RdbType found = RdbType.orNull(number, dialect);
    if (found == null) {
      throw unknownType(number, offset);
    }
    in.string(slot);
    keep(slot.text());
    type = found;
    isCurrent = true;
  }

  /// Copies the name out of the buffer, which moves on as the value is read.
  private void keep(ByteSlice text) {
    if (nameBytes.length < text.length()) {
      nameBytes = new byte[text.length()];
    }
    System.arraycopy(text.array(), text.offset(), nameBytes, 0, text.length());
    name.set(nameBytes, 0, text.length());
  }

  private FormatException unknownType(int number, long offset) throws IOException {
    String file = in.bytes().name();
    if (number == Opcode.ENTERPRISE_GCAS || number == Opcode.ENTERPRISE_GFLAGS) {
      return new TooNewException(
          "opcode " + number + " of Redis Enterprise, of which nobody else knows where it ends",
          file,
          offset);
    }
    String key;
    try {
      in.string(slot);
      key = KeyText.of(slot.text().toByteArray());
    } catch (EOFException | FormatException e) {
      // What follows may be anything; the type is what this is about.
      return new TooNewException("unknown value type " + number, file, offset);
    }
    if (number == MODULE_CANDIDATE) {
      return new TooOldException(
          "a module's value in the form of a release candidate of Redis 4.0, which nobody can read without the module",
          file,
          offset,
          key);
    }
    return new TooNewException("unknown value type " + number, file, offset, key);
  }

  /// The cursor goes on to what follows the key.
  void leave() {
    isCurrent = false;
  }

  /// Whether the cursor is at it.
  boolean isCurrent() {
    return isCurrent;
  }

  ByteSlice name() {
    return name;
  }

  /// The name as a person reads it.
  String text() {
    return KeyText.of(name.toByteArray());
  }

  /// @throws IllegalStateException before the first key
  RdbType type() {
    if (type == null) {
      throw new IllegalStateException("there is no key yet");
    }
    return type;
  }
}
