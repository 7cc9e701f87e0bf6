/// What is measured, as Prometheus reads it.
@NullMarked
package io.redrill.scheduler.metric;

import org.jspecify.annotations.NullMarked;
