package io.redrill.backup.recovery;

import java.nio.file.Path;

/// Where a recovery point is made real again. Nothing that exists is ever overwritten.
public sealed interface RestoreTarget {

  /// A single RDB file, which must not exist.
  record RdbFile(Path file) implements RestoreTarget {}

  /// A server's directory with a multi-part append-only file; must not exist, or be empty.
  record DataDirectory(Path directory) implements RestoreTarget {}
}
