package io.redrill.backup.repository;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.util.regex.Pattern;

/// The name of a source in a repository: 1 to 64 letters, digits, dots, dashes or underscores, the
/// first a letter or digit; `drills` and `repository.json` are taken.
public record SourceName(String value) implements Comparable<SourceName> {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// Checks the form.
  ///
  /// @throws RedrillException with [ErrorCode#BAD_NAME]
  public SourceName {
    if (!isValid(value)) {
      throw new RedrillException(ErrorCode.BAD_NAME, "name", value);
    }
  }

  /// The source of that name.
  public static SourceName of(String value) {
    return new SourceName(value);
  }

  static boolean isValid(String value) {
    return FORM.matcher(value).matches()
        && !value.equals("drills")
        && !value.equals("repository.json");
  }

  @Override
  public int compareTo(SourceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
