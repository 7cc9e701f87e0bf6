package io.redrill.server.persistence;

/// The figures of `INFO persistence` that need a memory.
///
/// Times are Unix seconds, durations seconds; -1 stands for "none yet".
final class PersistenceStatus {

  long lastSaveSeconds;
  boolean lastSaveOk = true;
  long lastSaveTrySeconds;
  long lastSaveDuration = -1;
  long saves;
  long dirtyAtLastSave;
  boolean lastRewriteOk = true;
  long lastRewriteDuration = -1;
  long rewrites;
  LoadReport load = LoadReport.EMPTY;
}
