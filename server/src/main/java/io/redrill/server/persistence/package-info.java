/// Files: snapshots (RDB), the append-only log (AOF), and loading them at the start.
///
/// [io.redrill.server.persistence.Persistence] conducts; the rest does one thing each.
/// [io.redrill.server.persistence.SnapshotWalk] is how data is saved as of one instant while
/// commands go on. All belongs to the thread that owns the keyspace, but for what a class says runs
/// on a thread of its own: encoding to the file, and the `fsync` of `appendfsync everysec`.
@NullMarked
package io.redrill.server.persistence;

import org.jspecify.annotations.NullMarked;
