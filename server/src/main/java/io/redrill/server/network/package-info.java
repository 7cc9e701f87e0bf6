/// Sockets: the event loop that owns the keyspace, and the parser of requests.
///
/// [io.redrill.server.network.Listener] is the way in. One thread reads, runs commands to
/// completion and writes, once for each batch that a client sends.
@NullMarked
package io.redrill.server.network;

import org.jspecify.annotations.NullMarked;
