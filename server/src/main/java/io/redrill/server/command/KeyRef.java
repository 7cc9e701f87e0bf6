package io.redrill.server.command;

import java.util.Arrays;

/// A key of a database as a map's key. The array must not change.
record KeyRef(int db, byte[] key) {

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRef that && db == that.db && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key) * 31 + db;
  }
}
