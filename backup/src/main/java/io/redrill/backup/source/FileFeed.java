package io.redrill.backup.source;

import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// An image in a file of the server's directory.
record FileFeed(
    ByteInput rdb, Instant takenAt, Optional<LogPosition> position, Manifest.Server server)
    implements SnapshotFeed {

  /// The file ends where the RDB ends.
  @Override
  public void finish() throws IOException {
    if (!rdb.atEnd()) {
      throw new CorruptInputException("bytes follow the RDB", rdb.name(), rdb.offset());
    }
  }

  @Override
  public void close() throws IOException {
    rdb.close();
  }
}
