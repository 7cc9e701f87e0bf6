package io.redrill.server.type;

import io.redrill.rdb.RdbValue;

/// A value that commands can work on.
///
/// Collections are never empty, streams excepted: the command that takes the last element removes
/// the key.
public sealed interface DecodedValue extends Value
    permits RedisString, RedisHash, RedisList, RedisSet, RedisSortedSet, RedisStream {

  /// The value for the RDB encoder. Byte arrays are shared with the value: encode before the next
  /// command runs.
  RdbValue toRdb();

  @Override
  DecodedValue copy();
}
