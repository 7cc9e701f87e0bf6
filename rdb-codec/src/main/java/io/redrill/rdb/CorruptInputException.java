package io.redrill.rdb;

/// Bytes that no version of the format allows: damaged, cut short, or never of this format.
public final class CorruptInputException extends FormatException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal of the bytes at `offset` of `input`, because of `problem`.
  public CorruptInputException(String problem, String input, long offset) {
    super(problem, input, offset, null);
  }

  /// As above, in the record of `key`, which is given as [KeyText] shows it.
  public CorruptInputException(String problem, String input, long offset, String key) {
    super(problem, input, offset, key);
  }
}
