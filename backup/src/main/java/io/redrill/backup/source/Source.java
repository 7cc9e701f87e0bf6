package io.redrill.backup.source;

import io.redrill.backup.repository.CaptureMode;

/// A Redis that is being protected, and the way into it.
///
/// Methods block until the server has answered, and fail with a
/// [io.redrill.backup.RedrillException]. A source may be asked by several threads, each with a
/// connection of its own.
public sealed interface Source permits PsyncSource, DataDirSource {

  /// The way in.
  CaptureMode capture();

  /// Where the server is, for messages; without secrets.
  String location();

  /// Has the server make an image of its data set, and returns it for reading. Blocks until the
  /// image is ready, which may take as long as the server's save.
  SnapshotFeed snapshot();
}
