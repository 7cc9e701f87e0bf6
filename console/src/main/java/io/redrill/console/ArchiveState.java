package io.redrill.console;

import java.time.Instant;
import java.util.Optional;

/// What the archiving of a source's log is doing.
public sealed interface ArchiveState {

  /// The configuration does not ask for it.
  record Off() implements ArchiveState {}

  /// It receives the first snapshot, or is connecting for the first time.
  record Starting() implements ArchiveState {}

  /// It follows the source.
  ///
  /// @param position where the stored log ends, for people
  /// @param storedUpTo all that was received until then is stored
  /// @param unstoredBytes received and not stored yet
  record Following(String position, Instant storedUpTo, long unstoredBytes)
      implements ArchiveState {}

  /// It lost the source or the store, and keeps trying.
  ///
  /// @param problem the last error
  /// @param since when that began, if it is known
  record Failing(String problem, Optional<Instant> since) implements ArchiveState {}
}
