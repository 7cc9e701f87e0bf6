package io.redrill.storage.layer;

import io.redrill.storage.ObjectKey;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where in a bucket the keys of a store begin.
///
/// @param directory without `/` at either end; empty for the whole bucket
public record KeyPrefix(String directory) {

  private static final Pattern LETTERS = Pattern.compile("[A-Za-z0-9._+=@/-]*");

  /// Whether keys may begin with `start`: no store need be asked for other letters than theirs,
  /// which not every store sends back unharmed.
  public static boolean mayStartKeys(String start) {
    return LETTERS.matcher(start).matches();
  }

  /// The name in the bucket of what the store calls `key`, which may also be the start of a key.
  public String name(String key) {
    return directory.isEmpty() ? key : directory + "/" + key;
  }

  /// The key of the object that the bucket calls `name`; empty if the name is not one of ours.
  public Optional<ObjectKey> key(String name) {
    String start = name("");
    return name.startsWith(start)
        ? ObjectKey.parse(name.substring(start.length()))
        : Optional.empty();
  }
}
