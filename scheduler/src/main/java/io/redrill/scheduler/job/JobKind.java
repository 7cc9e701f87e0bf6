package io.redrill.scheduler.job;

import java.util.Locale;

/// What a job does; the names are stored in the history and shown to people.
public enum JobKind {
  /// Takes a snapshot into the repository.
  SNAPSHOT,
  /// Asks a data-directory source to rewrite its append-only file.
  REWRITE,
  /// Rehearses a restore and proves the data.
  DRILL,
  /// Reads stored objects and proves them complete and intact.
  CHECK;

  /// The lower-case word used in configuration, metrics and pages.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
