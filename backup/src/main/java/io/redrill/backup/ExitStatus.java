package io.redrill.backup;

/// How a command ends, as its exit status. Nothing that failed or was skipped ends as [#PROVEN].
public enum ExitStatus {
  /// All that was asked for was done and proven.
  PROVEN(0),
  /// It failed, for a reason that has no status of its own.
  FAILURE(1),
  /// The command line or the configuration is wrong.
  USAGE(2),
  /// A part was done; the messages say what was not.
  PARTIAL(3),
  /// Refused before anything was changed.
  REFUSED(4),
  /// A check or a drill found damage or a difference.
  CHECK_FAILED(5),
  /// No such backup, or a time outside every recovery window.
  NOT_FOUND(6),
  /// Another writer was there first.
  CONFLICT(7),
  /// A store or a server did not answer.
  UNREACHABLE(8),
  /// Credentials or a key were refused.
  CREDENTIALS(9),
  /// The data is fine, but an objective was missed.
  OBJECTIVE_MISSED(10),
  /// Ended by an interrupt.
  INTERRUPTED(130),
  /// Whoever read the results closed them before the end, as `head` does. Other programs are ended
  /// by the signal for it, and shells give that this number.
  OUTPUT_CLOSED(141);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /// The number that the process ends with.
  public int code() {
    return code;
  }
}
