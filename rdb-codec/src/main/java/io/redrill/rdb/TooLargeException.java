package io.redrill.rdb;

/// A value that the format allows and that is too large for this reader to hold.
public final class TooLargeException extends FormatException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal of the bytes up to `offset` of `input`, because of `problem`.
  public TooLargeException(String problem, String input, long offset) {
    super(problem, input, offset, null);
  }

  /// As above, in the record of `key`, which is given as [KeyText] shows it.
  public TooLargeException(String problem, String input, long offset, String key) {
    super(problem, input, offset, key);
  }
}
