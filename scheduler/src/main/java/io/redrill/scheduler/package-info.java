/// When jobs run, and how they ended.
///
/// [Scheduler] is the way in: it is given [io.redrill.scheduler.job.Job]s and [Schedule]s, keeps
/// its clockwork in the daemon's database, and writes every run to
/// [io.redrill.scheduler.history.RunHistory]. Nothing outside this package sees the library that
/// drives the clock, and this package does not know what a job does.
@NullMarked
package io.redrill.scheduler;

import org.jspecify.annotations.NullMarked;
