package io.redrill.storage;

import java.time.Duration;

/// How long a remote store may take before it counts as unreachable.
///
/// @param connect for one connection to be made
/// @param idle without a byte on an open connection
/// @param call for one request with all its retries, up to the first byte of what is opened
public record StoreTimeouts(Duration connect, Duration idle, Duration call) {

  /// 5 seconds, 30 seconds, 5 minutes: an object of 64 MiB gets through at 2 Mbit/s.
  public static StoreTimeouts standard() {
    return new StoreTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
  }
}
