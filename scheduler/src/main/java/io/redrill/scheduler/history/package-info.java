/// What ran, when, why and how it ended; kept in the daemon's own H2 database.
@NullMarked
package io.redrill.scheduler.history;

import org.jspecify.annotations.NullMarked;
