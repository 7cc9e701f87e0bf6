package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The header of a file, and a guess where it is damaged.
final class RdbGuess {

  private static final int HEADER_BYTES = 9;

  /// Every type of the older versions is read in the same way under these.
  private static final RdbHeader REDIS = new RdbHeader(RdbDialect.REDIS, 12);

  private static final RdbHeader VALKEY = new RdbHeader(RdbDialect.VALKEY, 80);

  private RdbGuess() {}

  /// The header that `file` begins with, if it is one.
  static Optional<RdbHeader> own(FileBytes file) throws IOException {
    try {
      return Optional.of(new RdbReader(ByteInput.of(first(file), "file")).header());
    } catch (FormatException notThere) {
      return Optional.empty();
    }
  }

  /// The newest version of the dialect that the first bytes are most like.
  static RdbHeader guess(FileBytes file) throws IOException {
    byte[] first = first(file);
    return alike(first, "VALKEY080") > alike(first, "REDIS0012") ? VALKEY : REDIS;
  }

  private static byte[] first(FileBytes file) throws IOException {
    byte[] first = new byte[(int) Math.min(HEADER_BYTES, file.size())];
    for (int i = 0; i < first.length; i++) {
      first[i] = (byte) file.at(i);
    }
    return first;
  }

  private static int alike(byte[] first, String text) {
    byte[] other = text.getBytes(StandardCharsets.US_ASCII);
    int same = 0;
    for (int i = 0; i < first.length; i++) {
      same += first[i] == other[i] ? 1 : 0;
    }
    return same;
  }
}
