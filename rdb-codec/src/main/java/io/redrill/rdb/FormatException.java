package io.redrill.rdb;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Bytes that are not what their format says. Which kind of bad input it is shows in the subclass:
/// [CorruptInputException], [TooNewException], [TooOldException] or, for sound bytes that are
/// beyond this reader, [TooLargeException].
///
/// The message is a lower-case sentence without a full stop; where the fault lies travels beside
/// it.
public abstract sealed class FormatException extends IOException
    permits CorruptInputException, TooLargeException, TooNewException, TooOldException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String input;
  private final long offset;
  private final @Nullable String key;

  FormatException(String problem, String input, long offset, @Nullable String key) {
    super(
        key == null
            ? "%s (file=%s, offset=%d)".formatted(problem, input, offset)
            : "%s (file=%s, offset=%d, key=%s)".formatted(problem, input, offset, key));
    this.problem = problem;
    this.input = input;
    this.offset = offset;
    this.key = key;
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

  /// The key whose record was being read, as [KeyText] shows it.
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }
}
