package io.redrill.scheduler;

import io.redrill.scheduler.job.JobName;
import java.time.Instant;

/// The next tick of a job's schedule.
public record Firing(JobName job, Instant at) {}
