package io.redrill.storage;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an object inside its store: `/`-separated, relative, of `[A-Za-z0-9._+=@-]` parts.
///
/// A key can never leave its store: empty parts, `.` and `..` are refused.
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  /// S3 ends at 1024 bytes, which leaves room for the prefix of a store.
  private static final int MAX_LENGTH = 900;

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._+=@-]+");

  /// Checks the form.
  ///
  /// @throws IllegalArgumentException if `value` is not of the form above, or longer than 900
  public ObjectKey {
    if (!isKey(value)) {
      throw new IllegalArgumentException("not an object key: " + value);
    }
  }

  /// The key of that name.
  public static ObjectKey of(String value) {
    return new ObjectKey(value);
  }

  /// The key of that name, or empty if `value` is no key.
  public static Optional<ObjectKey> parse(String value) {
    return isKey(value) ? Optional.of(new ObjectKey(value)) : Optional.empty();
  }

  private static boolean isKey(String value) {
    if (value.length() > MAX_LENGTH) {
      return false;
    }
    for (String part : value.split("/", -1)) {
      if (part.equals(".") || part.equals("..") || !PART.matcher(part).matches()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
