package io.redrill.server.command;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.digest.RedisDigest;
import io.redrill.rdb.digest.RedisDigest.Release;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.type.DecodedValue;
import io.redrill.server.type.OpaqueValue;

/// The digests of `DEBUG DIGEST` and `DEBUG DIGEST-VALUE`, of what the server holds.
final class DebugDigest {

  private DebugDigest() {}

  /// The digest of all databases, as 40 hexadecimal digits.
  static String of(Keyspace keyspace) {
    RedisDigest digest = new RedisDigest(Release.REDIS_7_0);
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database db = keyspace.database(i);
      for (KeyEntry entry : db.entries()) {
        digest.add(i, entry.key(), entry.isVolatile(), value(entry));
      }
    }
    return digest.hex();
  }

  /// The digest of one value, without its key.
  static String of(KeyEntry entry) {
    return new RedisDigest(Release.REDIS_7_0).ofValue(value(entry), entry.isVolatile());
  }

  private static RdbValue value(KeyEntry entry) {
    return switch (entry.value()) {
      case DecodedValue decoded -> decoded.toRdb();
      case OpaqueValue opaque -> {
        try {
          yield RdbValues.decode(opaque.type(), opaque.bytes());
        } catch (FormatException e) {
          throw new IllegalStateException("the value was decoded when it came", e);
        }
      }
    };
  }
}
