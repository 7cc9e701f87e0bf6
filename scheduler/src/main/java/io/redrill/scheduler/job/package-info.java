/// What can be scheduled: one class per job, each for one source.
@NullMarked
package io.redrill.scheduler.job;

import org.jspecify.annotations.NullMarked;
