package io.redrill.backup.recovery;

import io.redrill.aof.resp.ServerEndpoint;
import java.nio.file.Path;

/// Where a recovery point is made real again. Files that exist are never overwritten.
public sealed interface RestoreTarget {

  /// A single RDB file, which must not exist.
  record RdbFile(Path file) implements RestoreTarget {}

  /// A server's directory with a multi-part append-only file; must not exist, or be empty.
  record DataDirectory(Path directory) implements RestoreTarget {}

  /// A running server.
  ///
  /// @param replace whether the data that it holds may be overwritten and removed; without, it must
  ///   be empty
  /// @param workDirectory where the recovery point is staged and proved before the server is
  ///   touched
  record LiveServer(ServerEndpoint endpoint, boolean replace, Path workDirectory)
      implements RestoreTarget {}
}
