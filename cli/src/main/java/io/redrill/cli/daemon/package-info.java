/// The daemon: archivers, scheduler and console, put together, started in order and stopped in
/// order.
@NullMarked
package io.redrill.cli.daemon;

import org.jspecify.annotations.NullMarked;
