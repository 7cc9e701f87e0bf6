package io.redrill.rdb;

import java.io.IOException;

/// What modules keep about a key (Redis 8.6); it stands in front of the key's type.
///
/// | what | |
/// |---|---|
/// | count, 1 to 7 | |
/// | class (4), little-endian | four characters of six bits, the first in the highest; five bits of version; three of flags |
/// | tagged values, then an end tag | as in a module's value |
///
/// The last two stand as often as the count says. It is carried as it is.
final class KeyMetadata {

  private static final int MOST_CLASSES = 7;

  private KeyMetadata() {}

  /// Consumes all that follows the opcode.
  static void skip(RdbInput in, ValueScanner values) throws IOException {
    long count = in.count();
    if (count < 1 || count > MOST_CLASSES) {
      throw in.corrupt("the metadata of a key has an impossible count");
    }
    for (long left = count; left > 0; left--) {
      in.bytes().skip(4);
      values.moduleValues();
    }
  }
}
