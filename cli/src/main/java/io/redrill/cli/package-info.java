/// The entry: commands, the daemon, and the one place where objects are put together.
@NullMarked
package io.redrill.cli;

import org.jspecify.annotations.NullMarked;
