package io.redrill.backup.recovery;

import java.time.Instant;

/// Positions that no segment holds, between two segments of one timeline, or in front of its first.
///
/// @param first the first missing byte
/// @param end the first byte that is there again
/// @param after the last time mark before the gap, or the time of the snapshot there
/// @param before the first time mark behind it
public record LogGap(String timeline, long first, long end, Instant after, Instant before) {}
