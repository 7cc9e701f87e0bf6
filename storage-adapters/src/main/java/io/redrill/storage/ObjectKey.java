package io.redrill.storage;

/// The name of an object inside its store: `/`-separated, relative, of `[A-Za-z0-9._+=@-]` parts.
///
/// A key can never leave its store: empty parts, `.` and `..` are refused.
public record ObjectKey(String value) implements Comparable<ObjectKey> {

  /// Checks the form.
  ///
  /// @throws IllegalArgumentException if `value` is not of the form above
  public ObjectKey {
    if (value.length() > 900) {
      throw new IllegalArgumentException("object key longer than 900 characters: " + value);
    }
    for (String part : value.split("/", -1)) {
      if (part.equals(".") || part.equals("..") || !part.matches("[A-Za-z0-9._+=@-]+")) {
        throw new IllegalArgumentException("not an object key: " + value);
      }
    }
  }

  /// The key of that name.
  public static ObjectKey of(String value) {
    return new ObjectKey(value);
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
