package io.redrill.rdb.convert;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import java.io.IOException;
import java.util.Optional;

/// The value of the key that a cursor is at, taken and decoded when it is asked for and once at
/// most.
final class DecodedValue {

  private final RdbCursor cursor;
  private Optional<RdbRecord.Entry> entry = Optional.empty();
  private Optional<RdbValue> value = Optional.empty();

  DecodedValue(RdbCursor cursor) {
    this.cursor = cursor;
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
    return ModuleName.of(cursor.value());
  }
}
