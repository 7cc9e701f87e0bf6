package io.redrill.backup.recovery;

import io.redrill.aof.LogCutReport;
import java.time.Duration;
import java.util.Optional;

/// What a restore did.
///
/// @param log what was kept of the log, where there was any
/// @param duration from the first byte read to the target in place
public record RestoreReport(RecoveryPlan plan, Optional<LogCutReport> log, Duration duration) {}
