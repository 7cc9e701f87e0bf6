package io.redrill.rdb.salvage;

import java.util.function.LongConsumer;

/// Is told how far a salvage has come. A file may be gone through several times.
@FunctionalInterface
public interface SalvageWatch {

  /// Nobody wants to know.
  SalvageWatch NOBODY = (pass, totalBytes) -> bytes -> {};

  /// Why the file is gone through.
  enum Pass {
    /// For a first look at whether anything is damaged.
    READING,
    /// For what can be read between the damage.
    SEARCHING,
    /// For its checksum.
    SUMMING,
    /// For the copy of what is whole.
    COPYING
  }

  /// A pass begins, and the one before has ended.
  ///
  /// @param totalBytes where it ends
  /// @return what takes the offset that was reached, now and then; a search may go back a little
  LongConsumer begin(Pass pass, long totalBytes);
}
