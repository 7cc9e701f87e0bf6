package io.redrill.rdb;

import java.io.EOFException;
import java.io.IOException;
import java.util.Map;

/// The value of the key that a cursor is at, which is read as deep as the cursor's user asks: not
/// at all, as the bytes that are stored, or piece by piece. Its methods are those of [RdbCursor].
final class CursorValue {

  private enum State {
    /// It comes next in the input.
    AHEAD,
    /// As [#AHEAD], and it is larger than what is held unasked.
    LARGE,
    /// All of it is in the buffer, until [#finish].
    HELD,
    /// It was read to its end as it came, and cannot be read again.
    WALKED,
    /// There is none, it was passed over, or it could not be read to its end.
    GONE
  }

  private final ByteInput in;
  private final RdbInput primitives;
  private final ValueScanner scanner;
  private final Map<Long, RdbRecord.HashTemplate> templates;
  private final int heldBytes;
  private final CursorKey key;
  private final ErrorContext errors;
  private final ValueWalker walker = new ValueWalker();
  private final ValueWalker passingWalker;
  private final ByteSlice bytes = new ByteSlice();
  private State state = State.GONE;
  private long offset;

  /// Reads from `primitives` the values of `key`, which may refer to `templates`. Where one ends,
  /// `scanner` knows.
  CursorValue(
      RdbInput primitives,
      ValueScanner scanner,
      Map<Long, RdbRecord.HashTemplate> templates,
      int heldBytes,
      CursorKey key,
      ErrorContext errors) {
    this.in = primitives.bytes();
    this.primitives = primitives;
    this.scanner = scanner;
    this.templates = templates;
    this.heldBytes = heldBytes;
    this.key = key;
    this.errors = errors;
    this.passingWalker = new ValueWalker(primitives);
  }

  /// The value comes next.
  void begin() {
    offset = in.offset();
    state = State.AHEAD;
  }

  /// Passes over what is left of it.
  ///
  /// @throws IOException which does not say of which key
  void finish() throws IOException {
    in.release();
    if (isAhead()) {
      scanner.skip(key.type());
    }
    state = State.GONE;
  }

  private boolean isAhead() {
    return state == State.AHEAD || state == State.LARGE;
  }

  private void requireAhead() {
    if (!isAhead()) {
      throw new IllegalStateException(
          "there is no value here, or it was passed over or walked without being held");
    }
  }

  /// The offset of its first byte.
  long offset() {
    return offset;
  }

  ByteSlice bytes() throws IOException {
    if (state != State.HELD) {
      hold(Integer.MAX_VALUE);
    }
    return bytes;
  }

  /// The bytes in an array of their own, with field names in place of the reference to a template:
  /// a value of the type [HashTemplates#complete].
  byte[] complete() throws IOException {
    byte[] stored = bytes().toByteArray();
    if (!key.type().refersToTemplate()) {
      return stored;
    }
    try {
      return HashTemplates.complete(key.type(), stored, templates);
    } catch (CorruptInputException e) {
      throw errors.inValue(e, offset);
    }
  }

  boolean isHeld() {
    return state == State.HELD;
  }

  /// Holds the value unless it is large.
  boolean hold() throws IOException {
    return switch (state) {
      case HELD -> true;
      case LARGE, WALKED -> false;
      case AHEAD, GONE -> {
        boolean isHeld = hold(heldBytes);
        if (!isHeld) {
          state = State.LARGE;
        }
        yield isHeld;
      }
    };
  }

  /// Holds the value if there are no more than about `roomBytes` of it.
  boolean hold(int roomBytes) throws IOException {
    if (state == State.HELD) {
      return true;
    }
    requireAhead();
    try {
      if (roomBytes == Integer.MAX_VALUE) {
        in.hold();
      } else {
        in.hold(roomBytes);
      }
      scanner.skip(key.type());
      in.held(bytes);
      state = State.HELD;
      return true;
    } catch (ByteInput.NoRoomException e) {
      in.rewind();
      return false;
    } catch (IOException e) {
      state = State.GONE;
      throw errors.atKey(e);
    }
  }

  /// Passes over the value unless that is done, or it is held.
  void skip() throws IOException {
    if (!isAhead()) {
      return;
    }
    try {
      scanner.skip(key.type());
    } catch (IOException e) {
      throw errors.atKey(e);
    } finally {
      state = State.GONE;
    }
  }

  String moduleName() throws IOException {
    return state == State.HELD ? ModuleName.of(bytes) : ModuleName.of(moduleId());
  }

  private long moduleId() throws IOException {
    requireAhead();
    in.hold();
    try {
      return primitives.length();
    } catch (IOException e) {
      throw errors.atKey(e);
    } finally {
      in.rewind();
    }
  }

  /// Whether the value is walked as it comes.
  boolean isPassing() throws IOException {
    if (hold()) {
      return false;
    }
    return state == State.WALKED
        || key.type().consistsOfItems()
        || (key.type() == RdbType.MODULE_2 && ModuleWalker.isVectorSet(moduleId()));
  }

  void walk(ElementHandler handler) throws IOException {
    if (isPassing()) {
      walkPassing(handler);
      return;
    }
    ByteSlice whole = bytes();
    try {
      walker.walk(key.type(), whole, templates, handler);
    } catch (CorruptInputException e) {
      throw errors.inValue(e, offset);
    }
  }

  private void walkPassing(ElementHandler handler) throws IOException {
    requireAhead();
    state = State.GONE;
    in.lend(true);
    try {
      passingWalker.walkNext(key.type(), handler);
      state = State.WALKED;
    } catch (EOFException | FormatException e) {
      throw passOverRest(e);
    } finally {
      in.lend(false);
      in.release();
    }
  }

  /// Finds the end of a value that proved damaged, if it says where that is, and tells what to say
  /// of it: what hides the end comes first, as where a value is held.
  private IOException passOverRest(IOException damage) throws IOException {
    Items items = passingWalker.items();
    if (!items.arePassable()) {
      if (damage instanceof EOFException) {
        in.skip(in.buffered()); // it is the end of the file where the value is cut short
      }
      throw errors.atKey(damage);
    }
    try {
      items.passOver(key.type(), scanner);
    } catch (IOException e) {
      throw errors.atKey(e);
    }
    state = State.WALKED;
    return damage instanceof CorruptInputException e
        ? errors.inValue(e, offset)
        : errors.atKey(damage);
  }

  CorruptInputException located(CorruptInputException damage) {
    return errors.inValue(damage, offset);
  }

  /// Whether the value was read to its end, so that the cursor can go on whatever it holds.
  boolean isDelimited() {
    return state == State.HELD || state == State.WALKED;
  }
}
