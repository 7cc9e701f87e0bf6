package io.redrill.server.command;

import java.util.Locale;

/// What the server must know of a command before it runs it; the words of `COMMAND INFO`.
public enum CommandFlag {
  WRITE,
  READONLY,
  DENYOOM,
  ADMIN,
  PUBSUB,
  NOSCRIPT,
  BLOCKING,
  LOADING,
  STALE,
  FAST,
  NO_AUTH,
  /// Runs at once inside `MULTI` instead of being queued.
  NOT_QUEUED,
  /// May not be used inside `MULTI`.
  NO_MULTI,
  MOVABLEKEYS;

  /// The flag as `COMMAND INFO` writes it.
  public String redisName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
