package io.redrill.backup.source;

import io.redrill.aof.resp.RespConnection;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Waits for a server's background work by asking `INFO persistence`.
///
/// @param timeout of each wait
record ServerWait(
    RespConnection connection, String location, Duration timeout, InstantSource clock) {

  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 200;

  /// Blocks until each of the fields is zero or absent, and returns what the server said then.
  ServerInfo untilIdle(String... fields) throws IOException {
    Instant deadline = clock.instant().plus(timeout);
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      ServerInfo info = ServerInfo.ask(connection, "persistence");
      if (isIdle(info, fields)) {
        return info;
      }
      if (clock.instant().isAfter(deadline)) {
        throw new RedrillException(
            ErrorCode.SAVE_TIMEOUT, "source", location, "seconds", timeout.toSeconds());
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        throw Failures.of(e, "source", location);
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private static boolean isIdle(ServerInfo info, String... fields) {
    for (String field : fields) {
      if (info.number(field, 0) != 0) {
        return false;
      }
    }
    return true;
  }
}
