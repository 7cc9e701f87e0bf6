package io.redrill.rdb;

/// A version, opcode or type that is newer than this reader knows, or unknown to it.
public final class TooNewException extends FormatException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal of the bytes at `offset` of `input`, because of `problem`.
  public TooNewException(String problem, String input, long offset) {
    super(problem, input, offset, null);
  }

  /// As above, in the record of `key`, which is given as [KeyText] shows it.
  public TooNewException(String problem, String input, long offset, String key) {
    super(problem, input, offset, key);
  }
}
