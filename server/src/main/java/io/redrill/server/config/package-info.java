/// The server's directives: their table, their values, and the `redis.conf` they come from.
///
/// [ServerConfig] is the way in. Nothing here acts on a value; whoever needs one asks for it, or
/// watches its directive.
@NullMarked
package io.redrill.server.config;

import org.jspecify.annotations.NullMarked;
