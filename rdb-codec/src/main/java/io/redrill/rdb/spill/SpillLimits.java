package io.redrill.rdb.spill;

import java.nio.file.Path;

/// How much memory records may take, and where they go beyond it.
///
/// @param parent the directory below which a temporary one is made, only once it is needed; it is
///   made as well where it is missing
/// @param memoryBytes more than this is written to files; up to twice as much may be allocated
public record SpillLimits(Path parent, int memoryBytes) {

  /// What is enough for a few million keys.
  public static final int DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;

  private static final int LEAST_MEMORY_BYTES = 1024;

  /// Refuses less memory than one dealing needs.
  public SpillLimits {
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException("at least " + LEAST_MEMORY_BYTES + " bytes are needed");
    }
  }

  /// The same with one of `parts` equal parts of the memory, or the least.
  public SpillLimits part(int parts) {
    return new SpillLimits(parent, Math.max(LEAST_MEMORY_BYTES, memoryBytes / parts));
  }
}
