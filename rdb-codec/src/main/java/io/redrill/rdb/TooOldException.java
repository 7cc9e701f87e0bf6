package io.redrill.rdb;

/// A form that only releases older than those this reader supports have written.
public final class TooOldException extends FormatException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal of the bytes at `offset` of `input`, because of `problem`.
  public TooOldException(String problem, String input, long offset) {
    super(problem, input, offset, null);
  }

  /// As above, in the record of `key`, which is given as [KeyText] shows it.
  public TooOldException(String problem, String input, long offset, String key) {
    super(problem, input, offset, key);
  }
}
