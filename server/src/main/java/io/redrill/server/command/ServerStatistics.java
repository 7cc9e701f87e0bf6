package io.redrill.server.command;

/// Counts of what the server did since the start or since `CONFIG RESETSTAT`.
public final class ServerStatistics {

  private long commands;
  private long connections;
  private long rejectedConnections;
  private long hits;
  private long misses;
  private long errorReplies;
  private long bytesIn;
  private long bytesOut;

  /// Commands run.
  public long commands() {
    return commands;
  }

  /// Connections accepted.
  public long connections() {
    return connections;
  }

  /// Connections refused because there were too many.
  public long rejectedConnections() {
    return rejectedConnections;
  }

  /// Lookups for reading that found a key.
  public long hits() {
    return hits;
  }

  /// Lookups for reading that found none.
  public long misses() {
    return misses;
  }

  /// Replies that were errors.
  public long errorReplies() {
    return errorReplies;
  }

  /// Bytes received.
  public long bytesIn() {
    return bytesIn;
  }

  /// Bytes sent.
  public long bytesOut() {
    return bytesOut;
  }

  /// Sets every count to zero.
  public void reset() {
    commands = 0;
    connections = 0;
    rejectedConnections = 0;
    hits = 0;
    misses = 0;
    errorReplies = 0;
    bytesIn = 0;
    bytesOut = 0;
  }

  void countCommand() {
    commands++;
  }

  void countErrorReply() {
    errorReplies++;
  }

  void countLookup(boolean found) {
    if (found) {
      hits++;
    } else {
      misses++;
    }
  }

  /// Counts an accepted connection.
  public void countConnection() {
    connections++;
  }

  /// Counts a refused connection.
  public void countRejectedConnection() {
    rejectedConnections++;
  }

  /// Counts bytes received.
  public void countIn(long bytes) {
    bytesIn += bytes;
  }

  /// Counts bytes sent.
  public void countOut(long bytes) {
    bytesOut += bytes;
  }
}
