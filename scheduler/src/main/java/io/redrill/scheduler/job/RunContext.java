package io.redrill.scheduler.job;

import java.time.Instant;

/// What a job is told about the run it is asked for.
///
/// @param runId the number of this run in the history
/// @param trigger why it was asked for
/// @param started when the run began
public record RunContext(long runId, RunTrigger trigger, Instant started) {}
