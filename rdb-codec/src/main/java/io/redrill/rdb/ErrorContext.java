package io.redrill.rdb;

import java.io.EOFException;
import java.io.IOException;

/// What a cursor is reading, and what an error therefore says besides what is wrong: the offset in
/// the file, and the key.
final class ErrorContext {

  /// Nothing is being read: a record may follow, or the end.
  static final String BETWEEN_RECORDS = "";

  private final ByteInput in;
  private final CursorKey key;
  private String reading = "its header";

  /// Of what is read from `in`; names `key` while the cursor is at it.
  ErrorContext(ByteInput in, CursorKey key) {
    this.in = in;
    this.key = key;
  }

  /// What comes next, in words; while the cursor is at a key, that is its value.
  void reading(String what) {
    reading = what;
  }

  /// What to say of a value that could not be read: where, and of which key.
  IOException atKey(IOException e) {
    return switch (e) {
      case EOFException end -> cutShort(end);
      case CorruptInputException corrupt -> located(corrupt);
      case TooLargeException large ->
          withCause(
              new TooLargeException(large.problem(), in.name(), large.offset(), key.text()), large);
      default -> e;
    };
  }

  CorruptInputException cutShort(EOFException cause) {
    String where =
        key.isCurrent()
            ? "inside a value"
            : reading.equals(BETWEEN_RECORDS)
                ? "where the next record or the mark of the end should stand"
                : "inside " + reading;
    return withCause(corrupt("the file ends " + where, in.offset()), cause);
  }

  /// Adds where a damaged primitive stands, which the packed encodings below do not know.
  CorruptInputException located(CorruptInputException e) {
    return e.input().equals(in.name()) && (!key.isCurrent() || e.key().isPresent())
        ? e
        : withCause(
            corrupt(e.problem(), e.input().equals(in.name()) ? e.offset() : in.offset()), e);
  }

  /// Says where in the file a damaged value, which begins at `valueOffset`, stands; inside a packed
  /// encoding, which may be compressed, where in that.
  CorruptInputException inValue(CorruptInputException e, long valueOffset) {
    return withCause(
        e.input().equals("value")
            ? corrupt(e.problem(), valueOffset + e.offset())
            : e.input().equals(in.name())
                ? corrupt(e.problem(), e.offset())
                : corrupt(
                    "%s (byte %d of the %s)".formatted(e.problem(), e.offset(), e.input()),
                    valueOffset),
        e);
  }

  private CorruptInputException corrupt(String problem, long offset) {
    return key.isCurrent()
        ? new CorruptInputException(problem, in.name(), offset, key.text())
        : new CorruptInputException(problem, in.name(), offset);
  }

  private static <E extends IOException> E withCause(E e, IOException cause) {
    e.initCause(cause);
    return e;
  }
}
