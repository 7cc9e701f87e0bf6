package io.redrill.backup.recovery;

import java.nio.file.Path;

/// Applies a log to a snapshot: a server that loads a data directory, and saves what it then holds.
@FunctionalInterface
public interface ReplayEngine {

  /// Loads `dataDirectory` (in which an `appendonlydir` lies) and writes the data set as an RDB to
  /// `rdbFile`, which does not exist yet. Blocks until it is durable; the directory may be changed
  /// and is not needed afterwards.
  ///
  /// @throws io.redrill.backup.RedrillException with [io.redrill.backup.ErrorCode#REPLAY_FAILED]
  void replay(Path dataDirectory, Path rdbFile);
}
