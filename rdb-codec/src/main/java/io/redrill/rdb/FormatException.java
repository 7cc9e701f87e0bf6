package io.redrill.rdb;

import java.io.IOException;

/// Bytes that are not what their format says. Which of the three kinds of bad input it is shows in
/// the subclass: [CorruptInputException], [TooNewException] or [TooOldException].
///
/// The message is a lower-case sentence without a full stop; where the fault lies travels beside
/// it.
public abstract sealed class FormatException extends IOException
    permits CorruptInputException, TooNewException, TooOldException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String input;
  private final long offset;

  FormatException(String problem, String input, long offset) {
    super("%s (file=%s, offset=%d)".formatted(problem, input, offset));
    this.problem = problem;
    this.input = input;
    this.offset = offset;
  }

  /// What is wrong, without where.
  public String problem() {
    return problem;
  }

  /// The name of the file or stream that was being read.
  public String input() {
    return input;
  }

  /// The byte offset in [#input()] at which the fault was found.
  public long offset() {
    return offset;
  }
}
