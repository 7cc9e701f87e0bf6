/// Drills: a rehearsed restore with checks, timings and a report.
@NullMarked
package io.redrill.verify;

import org.jspecify.annotations.NullMarked;
