package io.redrill.server.keyspace;

import java.time.InstantSource;

/// The server's time, which stands still while one command runs, so that a command, or a whole
/// transaction, sees a single instant.
public final class ServerClock {

  private final InstantSource source;
  private long millis;

  /// Reads `source`, once for each [#refresh()].
  public ServerClock(InstantSource source) {
    this.source = source;
    this.millis = source.millis();
  }

  /// Moves the clock to the present.
  public void refresh() {
    millis = source.millis();
  }

  /// Unix time in milliseconds at the last refresh.
  public long millis() {
    return millis;
  }

  /// Unix time in microseconds, now.
  public long micros() {
    var now = source.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
