package io.redrill.aof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a directory that a server of Redis 7.0 or later loads as its append-only file.
///
/// The caller writes each file at the path it is given; [#commit()] makes them durable, and only
/// then writes the manifest that names them. Before that, a server would not see any of them.
public final class AofDirectoryWriter {

  private final Path directory;
  private final AofNames names;
  private final List<AofManifest.Part> parts = new ArrayList<>();
  private long increments;

  /// Creates `directory` if it is not there.
  public AofDirectoryWriter(Path directory, AofNames names) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.names = names;
  }

  /// Adds the base, an RDB or commands, and returns where to write it.
  public Path addBase(boolean rdb) {
    String name = names.base(1, rdb);
    // In front, as servers have it, whatever was added before.
    parts.addFirst(new AofManifest.Part(name, 1, AofManifest.Type.BASE));
    return directory.resolve(name);
  }

  /// Adds the next incremental file, and returns where to write it.
  public Path addIncrement() {
    increments++;
    String name = names.increment(increments);
    parts.addLast(new AofManifest.Part(name, increments, AofManifest.Type.INCREMENTAL));
    return directory.resolve(name);
  }

  /// Makes everything durable, the manifest last.
  ///
  /// @throws IOException if a file that was added is not there, too
  public AofManifest commit() throws IOException {
    AofManifest manifest = new AofManifest(parts);
    for (AofManifest.Part part : parts) {
      Durable.force(directory.resolve(part.name()));
    }
    manifest.store(directory, names.manifest());
    return manifest;
  }
}
