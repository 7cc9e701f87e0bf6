/// Commands: the table that names them, the dispatcher that runs them, and one class per family.
///
/// [io.redrill.server.command.Dispatcher] is the way in; [io.redrill.server.command.Propagation] is
/// the way out for the effects that the append-only file and replicas must see. All of it runs on
/// the thread that owns the keyspace.
@NullMarked
package io.redrill.server.command;

import org.jspecify.annotations.NullMarked;
