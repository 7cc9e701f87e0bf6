package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;

/// Entries in the order of their ids, with consumer groups.
public final class RedisStream implements DecodedValue {

  private final RdbValue.StreamValue value;

  /// Holds what `value` holds.
  public RedisStream(RdbValue.StreamValue value) {
    this.value = value;
  }

  @Override
  public RdbKind kind() {
    return RdbKind.STREAM;
  }

  @Override
  public String encoding() {
    return "stream";
  }

  @Override
  public RdbValue toRdb() {
    return value;
  }

  @Override
  public RedisStream copy() {
    return new RedisStream(value);
  }

  @Override
  public long sizeBytes() {
    return 64 + 64 * value.length();
  }
}
