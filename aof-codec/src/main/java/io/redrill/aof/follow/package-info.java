/// A replica that only writes an append-only file: [AofFollower] attaches to a primary and keeps
/// [FollowedLog], a directory that any server of Redis 7.0 or later loads, and that knows where in
/// the primary's stream it ends.
package io.redrill.aof.follow;
