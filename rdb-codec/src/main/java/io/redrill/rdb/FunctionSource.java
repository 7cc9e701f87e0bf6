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
  private static final String OPEN = "\\s*+\\(?+\\s*+";
  private static final Pattern FIRST_ARGUMENT = Pattern.compile(OPEN + LITERAL);
  private static final Pattern TABLE = Pattern.compile(OPEN + "\\{");
  private static final Pattern FUNCTION_NAME =
      Pattern.compile("\\bfunction_name\\s*+=\\s*+" + LITERAL);

  /// No more names are looked for in one library; servers have a handful.
  private static final int MAX_FUNCTIONS = 10_000;

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
    String text = new String(source, StandardCharsets.ISO_8859_1);
    Set<String> names = new TreeSet<>();
    int at = text.indexOf(REGISTER);
    while (at >= 0 && names.size() < MAX_FUNCTIONS) {
      int from = at + REGISTER.length();
      at = text.indexOf(REGISTER, from);
      registered(text, from, at < 0 ? text.length() : at)
          .ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }
    return names;
  }

  /// The name in the arguments that begin at `from`, and end before `to`.
  private static Optional<String> registered(String text, int from, int to) {
    Matcher first = FIRST_ARGUMENT.matcher(text).region(from, to);
    if (first.lookingAt()) {
      return Optional.of(first.group(2));
    }
    Matcher named = FUNCTION_NAME.matcher(text).region(from, to);
    return TABLE.matcher(text).region(from, to).lookingAt() && named.find()
        ? Optional.of(named.group(2))
        : Optional.empty();
  }
}
