package io.redrill.backup.log;

import java.time.Duration;

/// When segments are shipped, and how patient an archiver is.
///
/// @param shipInterval the longest time that a received write waits before it is shipped
/// @param idleInterval the same where only signs of life were received
/// @param segmentBytes a segment of this size is shipped at once; what is received meanwhile waits
///   in another of the same size, and then the source has to wait
/// @param level of zstd
/// @param firstPause before the first new attempt after a loss; doubles with each, up to
/// @param longestPause and varies by half
/// @param closePatience how long [LogArchiver#close] tries to store what was received
public record ArchiverOptions(
    Duration shipInterval,
    Duration idleInterval,
    int segmentBytes,
    int level,
    Duration firstPause,
    Duration longestPause,
    Duration closePatience) {

  /// Every second, or 30 where nothing is written; 8 MiB; level 3.
  public static final ArchiverOptions DEFAULT =
      new ArchiverOptions(
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          8 * 1024 * 1024,
          3,
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));
}
