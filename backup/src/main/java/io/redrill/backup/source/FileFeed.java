package io.redrill.backup.source;

import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// An image in a file of the server's directory.
record FileFeed(
    ByteInput rdb, Instant takenAt, Optional<LogPosition> position, Manifest.Server server)
    implements SnapshotFeed {

  /// The file ends where the RDB ends, and the caller proves that by its checksum.
  @Override
  public void finish() {}

  @Override
  public void close() throws IOException {
    rdb.close();
  }
}
