package io.redrill.backup.source;

import io.redrill.aof.AofManifest;
import java.io.IOException;
import java.nio.file.Path;

/// A server's multi-part append-only file.
///
/// @param directory what `appenddirname` names
/// @param fileName what `appendfilename` says: the beginning of the names of all its files
public record AofLocation(Path directory, String fileName) {

  /// The server's list of its files, as it is now.
  ///
  /// @throws IOException if it cannot be read
  public AofManifest manifest() throws IOException {
    return AofManifest.load(directory.resolve(fileName + ".manifest"));
  }

  /// A file of the list.
  public Path path(AofManifest.Part part) {
    return directory.resolve(part.name());
  }
}
