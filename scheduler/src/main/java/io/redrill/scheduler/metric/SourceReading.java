package io.redrill.scheduler.metric;

import java.time.Duration;
import java.util.Optional;

/// What is measured of a source whenever metrics are read.
///
/// @param recoveryPointAge how old the newest recovery point is; empty if there is none
/// @param archiving whether its log is being followed now
/// @param archiveLagBytes how much log was received and is not stored yet
public record SourceReading(
    Optional<Duration> recoveryPointAge, boolean archiving, long archiveLagBytes) {}
