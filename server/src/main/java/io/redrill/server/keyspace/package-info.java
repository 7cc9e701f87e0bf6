/// The data: databases of keys, their values and expiry times, and the hooks through which others
/// follow changes.
///
/// [io.redrill.server.keyspace.Keyspace] is the way in. Everything here belongs to the one thread
/// that runs commands. Lookups answer `null` for absence, marked `@Nullable`: they are the hottest
/// calls of the server, and stay inside it. The package knows nothing of clients or networks.
@NullMarked
package io.redrill.server.keyspace;

import org.jspecify.annotations.NullMarked;
