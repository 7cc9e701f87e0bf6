package io.redrill.server.persistence;

/// Where the replication stream stands, as an RDB file records it.
///
/// @param id the stream's identity, 40 hexadecimal digits
/// @param offset the bytes of the stream so far
/// @param db the database that the stream has selected
public record ReplicationPosition(String id, long offset, int db) {}
