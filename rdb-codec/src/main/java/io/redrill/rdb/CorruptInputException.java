package io.redrill.rdb;

/// Bytes that no version of the format allows: damaged, cut short, or never of this format.
public final class CorruptInputException extends FormatException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal of the bytes at `offset` of `input`, because of `problem`.
  public CorruptInputException(String problem, String input, long offset) {
    super(problem, input, offset);
  }
}
