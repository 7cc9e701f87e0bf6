/// The primary side of replication: the stream of effects, and the replicas that follow it.
///
/// [io.redrill.server.replication.Primary] is the way in. All of it runs on the thread that owns
/// the keyspace.
@NullMarked
package io.redrill.server.replication;

import org.jspecify.annotations.NullMarked;
