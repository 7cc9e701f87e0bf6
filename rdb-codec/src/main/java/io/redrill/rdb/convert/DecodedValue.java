package io.redrill.rdb.convert;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import java.util.Optional;

/// The value of a record, decoded when it is asked for and once at most.
final class DecodedValue {

  private final RdbRecord record;
  private Optional<RdbValue> value = Optional.empty();

  DecodedValue(RdbRecord record) {
    this.record = record;
  }

  RdbValue get() throws FormatException {
    if (value.isEmpty()) {
      if (!(record instanceof RdbRecord.Entry entry)) {
        throw new IllegalStateException("only a key has a value");
      }
      value = Optional.of(RdbValues.decode(entry));
    }
    return value.get();
  }
}
