package io.redrill.backup.log;

import java.io.IOException;
import java.util.Optional;

/// Where stretches of log come from: a primary's replication stream, or a followed AOF.
interface LogOrigin {

  /// Whether a timeline of that name can have come from here.
  boolean owns(String timeline);

  /// Opens the stretch that goes on where `tail` ends, or else another one. Blocks until the source
  /// has answered, or the thread is interrupted.
  LogFeed open(Optional<LogTail> tail) throws IOException;

  /// Opens a stretch that begins with a snapshot, whatever is stored already. Blocks likewise.
  LogFeed begin() throws IOException;

  /// Whether that snapshot holds all that the log held until then, so that it leads past a command
  /// that cannot be archived.
  boolean beginsBehindTheLog();
}
