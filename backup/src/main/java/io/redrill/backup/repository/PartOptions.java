package io.redrill.backup.repository;

/// How a snapshot's data is cut, compressed and stored.
///
/// @param partBytes how much of the RDB goes into one part
/// @param level of zstd, 1 to 19
/// @param uploads how many parts are stored at once. Memory: at most `uploads + 1` parts, as
///   compressed
public record PartOptions(int partBytes, int level, int uploads) {

  /// 32 MiB, level 3, two uploads.
  public static final PartOptions DEFAULT = new PartOptions(32 * 1024 * 1024, 3, 2);

  /// Checks the ranges.
  public PartOptions {
    if (partBytes < 1024 || level < 1 || level > 19 || uploads < 1) {
      throw new IllegalArgumentException("part options out of range");
    }
  }
}
