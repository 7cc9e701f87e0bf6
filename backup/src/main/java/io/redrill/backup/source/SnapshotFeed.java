package io.redrill.backup.source;

import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// An image that a server has made, to be read once.
public interface SnapshotFeed extends Closeable {

  /// The RDB: its first byte is the next one, at offset 0. What may follow it is not to be read.
  ByteInput rdb();

  /// The moment that the image shows.
  Instant takenAt();

  /// Where in the log the image stands, where the source says it; the RDB itself may say it too.
  Optional<LogPosition> position();

  /// Who made it, as far as the source says; either text may be empty.
  Manifest.Server server();

  /// Is told, once the RDB was read, which database is selected in the log behind it. A primary
  /// selects one anew; a replica passes on what its own primary sends, so that there only the image
  /// says it.
  default void selected(int db) {
    // Whose log is not followed.
  }

  /// Proves, after the RDB was read to its end, that the source meant it to end there.
  ///
  /// @throws IOException if it did not
  void finish() throws IOException;
}
