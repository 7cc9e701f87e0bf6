package io.redrill.backup.repository;

/// A place in the log.
///
/// @param timeline the replication ID, or `aof-` and 16 hex digits
/// @param offset how many bytes of that log stand before this place
public record LogPosition(String timeline, long offset) {

  @Override
  public String toString() {
    return timeline + ":" + offset;
  }
}
