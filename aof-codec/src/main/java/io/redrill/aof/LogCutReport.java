package io.redrill.aof;

import java.util.Optional;

/// What a [LogCutter] wrote.
///
/// @param offset the log offset after the last command that was kept
/// @param commands how many commands were kept, without those that only steer the log
/// @param time the newest time mark at or before the cut
/// @param reached whether the cut was found; if not, the log ended before it
/// @param tail how the last input ended, where the log ended before the cut
/// @param sizeBytes the length of the file
public record LogCutReport(
    long offset,
    long commands,
    Optional<AofRecord.TimeMark> time,
    boolean reached,
    AofRecord.Tail tail,
    long sizeBytes) {}
