package io.redrill.aof.follow;

/// A place in a replication stream.
///
/// @param replicationId 40 letters and digits
/// @param offset how many bytes of the stream stand before it, as the primary counts
/// @param db the database that is selected there
public record StreamPlace(String replicationId, long offset, int db) {

  @Override
  public String toString() {
    return replicationId + ":" + offset;
  }
}
