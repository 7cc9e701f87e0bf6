package io.redrill.backup.log;

import io.redrill.aof.AofRecord;

/// A command of the log with its place in its timeline.
///
/// @param offset where it begins
/// @param end where it ends
/// @param atMillis the time mark that it stands under, Unix milliseconds
public record LogRecord(long offset, long end, long atMillis, AofRecord.Command command) {

  /// Whether it only keeps a connection alive: `PING`, or `REPLCONF` between servers.
  public boolean isHousekeeping() {
    return command.is("PING") || command.is("REPLCONF");
  }
}
