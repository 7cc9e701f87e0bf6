package io.redrill.rdb.convert;

import java.util.Optional;

/// How often something is lost, and where first.
///
/// @param count of keys, libraries or other records that lose it
/// @param example the first of them
public record LossCount(Loss loss, long count, Optional<Example> example) {

  /// A key, as [io.redrill.rdb.KeyText] shows it.
  public record Example(int db, String key) {

    @Override
    public String toString() {
      return "db " + db + " " + key;
    }
  }

  LossCount more() {
    return new LossCount(loss, count + 1, example);
  }
}
