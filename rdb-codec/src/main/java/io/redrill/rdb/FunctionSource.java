package io.redrill.rdb;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the source of a library of functions says of itself, as far as that can be told without
/// running it.
///
/// ```
/// #!lua name=LIBRARY
/// redis.register_function('FUNCTION', ...)
/// redis.register_function{function_name='FUNCTION', ...}
/// ```
public final class FunctionSource {

  private static final int FIRST_LINE_BYTES = 256;
  private static final Pattern NAME = Pattern.compile("^#!\\S+.*?\\bname=(\\S+)");
  private static final String REGISTER = "register_function";
  private static final String LITERAL = "(['\"])([A-Za-z0-9_]+)\\1";
  private static final Pattern FIRST_ARGUMENT = Pattern.compile("\\s*\\(?\\s*" + LITERAL);
  private static final Pattern TABLE = Pattern.compile("\\s*\\(?\\s*\\{");
  private static final Pattern FUNCTION_NAME =
      Pattern.compile("\\bfunction_name\\s*=\\s*" + LITERAL);

  private FunctionSource() {}

  /// The name of the library, if its first line has one.
  public static Optional<String> libraryName(byte[] source) {
    int length = Math.min(source.length, FIRST_LINE_BYTES);
    String first = new String(source, 0, length, StandardCharsets.UTF_8).split("\n", 2)[0];
    Matcher matcher = NAME.matcher(first);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /// The names of functions that stand in the source as text where they are registered, in lower
  /// case, as no server tells names apart by their case. A name that is computed is not found; one
  /// in a comment is.
  public static Set<String> functionNames(byte[] source) {
    String[] parts = new String(source, StandardCharsets.ISO_8859_1).split(REGISTER, -1);
    Set<String> names = new TreeSet<>();
    for (int i = 1; i < parts.length; i++) {
      Matcher name = FIRST_ARGUMENT.matcher(parts[i]);
      if (!name.lookingAt() && TABLE.matcher(parts[i]).lookingAt()) {
        name = FUNCTION_NAME.matcher(parts[i]);
        if (!name.find()) {
          continue;
        }
      }
      if (name.hasMatch()) {
        names.add(name.group(2).toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
