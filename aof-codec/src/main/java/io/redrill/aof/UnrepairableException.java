package io.redrill.aof;

import java.io.IOException;

/// What is left of an append-only file is nothing that a server could begin with.
public final class UnrepairableException extends IOException {

  private static final long serialVersionUID = 1L;

  /// What is lost.
  public enum Reason {
    /// The file that the rest builds on is not there.
    BASE_MISSING,
    /// The RDB that the rest builds on is damaged. Keys can be saved from it.
    RDB_DAMAGED
  }

  private final Reason reason;
  private final String file;
  private final String problem;

  UnrepairableException(Reason reason, String file, String problem) {
    super("%s: %s".formatted(file, problem));
    this.reason = reason;
    this.file = file;
    this.problem = problem;
  }

  /// What is lost.
  public Reason reason() {
    return reason;
  }

  /// The path of the file that is the cause.
  public String file() {
    return file;
  }

  /// What is wrong with it: a lower-case sentence without a full stop.
  public String problem() {
    return problem;
  }
}
