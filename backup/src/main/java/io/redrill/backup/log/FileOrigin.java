package io.redrill.backup.log;

/// Where in a followed AOF a segment was read from.
///
/// @param file the name of the incremental file
/// @param first where in it the segment begins, in bytes
/// @param end where in it the segment ends, in bytes
public record FileOrigin(String file, long first, long end) {}
