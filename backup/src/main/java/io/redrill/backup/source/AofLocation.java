package io.redrill.backup.source;

import io.redrill.aof.AofManifest;
import java.io.IOException;
import java.nio.file.Files;
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
    return AofManifest.load(manifestFile());
  }

  /// Where that list lies.
  public Path manifestFile() {
    return directory.resolve(fileName + ".manifest");
  }

  /// How many bytes those files have now that a server would load.
  long sizeBytes(AofManifest manifest) throws IOException {
    long size = 0;
    for (AofManifest.Part part : manifest.loadOrder()) {
      size += Files.exists(path(part)) ? Files.size(path(part)) : 0;
    }
    return size;
  }

  /// A file of the list.
  public Path path(AofManifest.Part part) {
    return directory.resolve(part.name());
  }
}
