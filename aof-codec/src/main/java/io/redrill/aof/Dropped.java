package io.redrill.aof;

import java.util.Optional;

/// Something that a repair leaves out of an append-only file.
public sealed interface Dropped {

  /// The name of the file in which it stands.
  String file();

  /// Where in the file it begins.
  long offset();

  /// How many bytes it takes.
  long length();

  /// A command.
  ///
  /// @param name as it stands there; empty where not even that much is left
  /// @param key its first key, or of a command without keys the first argument
  /// @param arguments how many it has or should have, the name among them
  /// @param isWhole whether all of it is there
  record Command(
      String file,
      long offset,
      long length,
      byte[] name,
      Optional<byte[]> key,
      int arguments,
      boolean isWhole)
      implements Dropped {}

  /// Bytes that are no command.
  record Bytes(String file, long offset, long length) implements Dropped {}
}
