package io.redrill.scheduler;

import io.redrill.scheduler.job.JobName;

/// Which job is due when.
public record Schedule(JobName job, Cron cron) {}
