package io.redrill.rdb.convert;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.TooLargeException;
import java.io.IOException;
import java.util.Optional;

/// The value of the key that a cursor is at, taken and decoded when it is asked for and once at
/// most.
final class DecodedValue {

  /// Where a value is held, copied, decoded and encoded anew, it takes several times its size.
  private static final int MOST_HELD_BYTES =
      (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);

  private final RecordPass pass;
  private final RdbCursor cursor;
  private final boolean isEncoded;
  private Optional<ValueFacts> facts = Optional.empty();
  private Optional<RdbRecord.Entry> entry = Optional.empty();
  private Optional<RdbValue> value = Optional.empty();

  /// The value of the key that `pass` is at.
  ///
  /// @param isEncoded whether it will be encoded anew if it does not stay as it is
  DecodedValue(RecordPass pass, boolean isEncoded) {
    this.pass = pass;
    this.cursor = pass.cursor();
    this.isEncoded = isEncoded;
  }

  /// What it says that not every target can hold.
  ///
  /// @throws FormatException if it is damaged, or too large
  ValueFacts facts() throws IOException {
    if (facts.isEmpty()) {
      if (isEncoded) {
        requireHeld();
      }
      ValueFacts found = new ValueFacts();
      cursor.walk(found);
      facts = Optional.of(found);
    }
    return facts.get();
  }

  /// Sees to it that a value which will be encoded anew finds room, which shall not be found out
  /// while the file is written.
  ///
  /// @throws TooLargeException if it does not
  /// @throws FormatException if it is damaged, and perhaps only claims to be as large
  void requireHeld() throws IOException {
    if (!cursor.holdValue(MOST_HELD_BYTES)) {
      pass.leaveOut();
      lookThrough();
      throw new TooLargeException(
          "a value that has to change its form is larger than a quarter of the memory, %d bytes"
              .formatted(MOST_HELD_BYTES),
          cursor.name(),
          cursor.recordOffset(),
          KeyText.of(cursor.key().toByteArray()));
    }
  }

  /// Reads the value to its end without holding it.
  private void lookThrough() throws IOException {
    if (cursor.isValuePassing()) {
      cursor.walk(new ValueFacts());
    } else {
      cursor.skipValue();
    }
  }

  /// The key with its value as it is stored.
  RdbRecord.Entry entry() throws IOException {
    if (entry.isEmpty()) {
      entry = Optional.of(cursor.entry());
    }
    return entry.get();
  }

  /// What it holds.
  ///
  /// @throws FormatException if it is damaged
  RdbValue get() throws IOException {
    if (value.isEmpty()) {
      value = Optional.of(RdbValues.decode(entry()));
    }
    return value.get();
  }

  /// The name of the module that it is of.
  String moduleName() throws IOException {
    return cursor.moduleName();
  }
}
