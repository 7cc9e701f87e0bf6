package io.redrill.rdb;

import java.io.IOException;

/// What it means that bytes stand behind the end of an RDB that should be all of its input: one
/// rule for whoever reads a file.
///
/// They belong to no key, and servers load such a file without a word, so that they are a warning.
/// But files of versions before 5 have no checksum: there it may be the header that is damaged,
/// which says such a version of a newer file, and its checksum that follows. That is damage.
public final class TrailingBytes {

  /// What to say of them.
  public static final String SENTENCE = "bytes follow after the end of the RDB";

  private TrailingBytes() {}

  /// Whether bytes follow at `in`, where an RDB has just ended with `end`; blocks until that is
  /// known.
  ///
  /// @throws CorruptInputException if they do, and the RDB is of a version without a checksum
  public static boolean follow(ByteInput in, RdbRecord.End end) throws IOException {
    boolean follow = !in.atEnd();
    if (follow && end.checksum() == RdbRecord.Checksum.ABSENT) {
      throw new CorruptInputException(SENTENCE, in.name(), in.offset());
    }
    return follow;
  }
}
