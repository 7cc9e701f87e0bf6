/// The server's log, in the line form of Redis, which operators and test harnesses look for.
@NullMarked
package io.redrill.server.log;

import org.jspecify.annotations.NullMarked;
