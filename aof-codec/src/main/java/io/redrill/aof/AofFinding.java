package io.redrill.aof;

/// Something that a check of an append-only file came upon.
///
/// @param file the name of the file
/// @param offset the byte offset in it from which the file cannot be trusted, or 0 where the whole
///   file is meant
/// @param problem what is wrong: a lower-case sentence without a full stop
/// @param lostBytes how many bytes of this file a server would not have, or refuses to go beyond
public record AofFinding(
    Severity severity, String file, long offset, String problem, long lostBytes) {

  /// How bad it is.
  public enum Severity {
    /// Worth knowing; all the data is there.
    NOTE,
    /// The log ends in the middle of a write, as after a crash. A server drops that write and
    /// starts, unless `aof-load-truncated` is `no`.
    UNFINISHED,
    /// A server refuses to start with this, or would silently start without the data.
    DAMAGE
  }
}
