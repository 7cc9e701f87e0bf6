package io.redrill.server.persistence;

import java.io.IOException;

/// Files that the server cannot start from. They are left as they are.
public final class LoadException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal; `message` is what the log shows: the file, the place, and what to do.
  LoadException(String message) {
    super(message);
  }

  /// As above, because of `cause`.
  LoadException(String message, IOException cause) {
    super(message, cause);
  }
}
