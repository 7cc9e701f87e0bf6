package io.redrill.aof.follow;

import java.io.IOException;

/// The files of a followed log cannot be written, or are none. To try again helps only once that is
/// mended; what was durable before stays.
public final class FollowedLogException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String path;
  private final String problem;

  FollowedLogException(Object path, String problem) {
    super("%s: %s".formatted(path, problem));
    this.path = String.valueOf(path);
    this.problem = problem;
  }

  FollowedLogException(Object path, IOException cause) {
    this(path, String.valueOf(cause.getMessage()));
    initCause(cause);
  }

  /// The file or directory.
  public String path() {
    return path;
  }

  /// What is wrong: a lower-case sentence without a full stop.
  public String problem() {
    return problem;
  }
}
