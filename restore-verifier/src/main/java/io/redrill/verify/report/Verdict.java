package io.redrill.verify.report;

/// The conclusion of a drill. Only [#PASSED] is good news without a footnote.
public enum Verdict {
  /// The data was restored, at least one check proved it, every check that ran passed, and the
  /// objectives were met.
  PASSED(0, "passed"),
  /// As above, but recovery took too long or would have lost too much.
  OBJECTIVE_MISSED(10, "recovered, objective missed"),
  /// The data was restored as it was backed up, but an assertion about it failed.
  ASSERTION_FAILED(5, "recovered, assertion failed"),
  /// Nothing failed, but no check that ran proves the data.
  NOT_PROVEN(5, "not proven"),
  /// The data could not be restored, or what came back is not what was backed up.
  NOT_RECOVERED(5, "not recovered"),
  /// The repository holds no way to the moment that was asked for: no snapshot, or a gap in the
  /// log.
  NO_RECOVERY_POINT(6, "no recovery point"),
  /// The drill says nothing about the backup: the store, the source or the scratch instance was not
  /// to be had.
  COULD_NOT_RUN(8, "could not run");

  private final int exitStatus;
  private final String words;

  Verdict(int exitStatus, String words) {
    this.exitStatus = exitStatus;
    this.words = words;
  }

  /// The exit status of a command that ends with this verdict, unless the reason for
  /// [#COULD_NOT_RUN] has its own: see [DrillReport#exitStatus()].
  public int exitStatus() {
    return exitStatus;
  }

  /// The verdict in lower-case words, for people.
  public String words() {
    return words;
  }

  /// Whether the data of the recovery point came back and was proven.
  public boolean recovered() {
    return switch (this) {
      case PASSED, OBJECTIVE_MISSED, ASSERTION_FAILED -> true;
      case NOT_PROVEN, NOT_RECOVERED, NO_RECOVERY_POINT, COULD_NOT_RUN -> false;
    };
  }
}
