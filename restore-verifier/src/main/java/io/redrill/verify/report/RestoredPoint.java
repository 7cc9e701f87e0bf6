package io.redrill.verify.report;

import java.time.Instant;

/// Which moment of which source was restored.
///
/// @param choice how it was chosen: `latest`, `random (seed 42)`, `snapshot ...` or `at ...`
/// @param snapshotId the snapshot that recovery began with
/// @param snapshotTakenAt when that snapshot was taken
/// @param consistency whether the snapshot shows a single instant
/// @param time the moment that was restored
/// @param replicationId the history that the position belongs to, empty if the source has none
/// @param offset the position in that history, -1 if the source has none
/// @param segments how many log segments were replayed on top of the snapshot
/// @param commands how many commands they held up to the point
public record RestoredPoint(
    String choice,
    String snapshotId,
    Instant snapshotTakenAt,
    String consistency,
    Instant time,
    String replicationId,
    long offset,
    int segments,
    long commands) {}
